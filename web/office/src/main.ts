import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/dist/index.css'
import '@anju/shared/tokens.css'
import './styles/base.css'
import App from './App.vue'
import { queryClient } from './lib/api'
import { router } from './router'

createApp(App).use(createPinia()).use(router).use(VueQueryPlugin, { queryClient }).mount('#app')
