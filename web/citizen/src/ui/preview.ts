/** The large view of a picture, loaded when first wanted. */
import 'vant/es/image-preview/style'

export { showImagePreview } from 'vant/es/image-preview'
