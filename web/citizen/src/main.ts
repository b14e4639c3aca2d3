import { createApp } from 'vue'
import '@anju/shared/tokens.css'
import './styles/base.css'
import App from './App.vue'
import { router } from './router'
import { known } from './session'

void known()
createApp(App).use(router).mount('#app')

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined))
}
