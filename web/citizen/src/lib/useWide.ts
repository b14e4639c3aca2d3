/** Whether the window is wide enough for the desktop layout (960 px). */
import { readonly, ref } from 'vue'

const query = typeof matchMedia === 'function' ? matchMedia('(min-width: 960px)') : null
const wide = ref(query?.matches ?? false)
query?.addEventListener('change', (event) => (wide.value = event.matches))

export const useWide = () => readonly(wide)
