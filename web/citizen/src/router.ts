/** Every page of the resident's site; each is loaded when it is first opened. */
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { focusHeading, setTitle } from './lib/page'
import { known, session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    /** Which entry of the navigation is lit. */
    tab?: 'home' | 'units' | 'services' | 'notices' | 'guides' | 'messages' | 'me'
    /** Needs a signed-in resident. */
    auth?: boolean
    /** Where 返回 leads when the person came straight here. */
    up?: string
    /** Shows the five tabs on a phone. */
    tabs?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/home/HomePage.vue'), meta: { title: '首页', tab: 'home', tabs: true } },
  {
    path: '/city',
    component: () => import('./pages/city/CityPage.vue'),
    meta: { title: '你在哪个城市办理？', up: '/' },
  },
  {
    path: '/units',
    component: () => import('./pages/units/UnitsPage.vue'),
    meta: { title: '找房', tab: 'units', tabs: true, up: '/' },
  },
  {
    path: '/units/compare',
    component: () => import('./pages/units/CompareUnitsPage.vue'),
    meta: { title: '对比房源', tab: 'units', up: '/units' },
  },
  {
    path: '/units/:id(\\d+)',
    component: () => import('./pages/units/UnitPage.vue'),
    meta: { title: '房源详情', tab: 'units', up: '/units' },
  },
  {
    path: '/projects',
    component: () => import('./pages/projects/ProjectsPage.vue'),
    meta: { title: '按项目找', tab: 'units', up: '/units' },
  },
  {
    path: '/projects/compare',
    component: () => import('./pages/projects/ComparePage.vue'),
    meta: { title: '对比项目', tab: 'units', up: '/projects' },
  },
  {
    path: '/projects/:code',
    component: () => import('./pages/projects/ProjectPage.vue'),
    meta: { title: '项目', tab: 'units', up: '/projects' },
  },
  {
    path: '/u/:code',
    component: () => import('./pages/units/ScannedPage.vue'),
    meta: { title: '房源码', tab: 'units', up: '/units' },
  },
  {
    path: '/services',
    component: () => import('./pages/services/ServicesPage.vue'),
    meta: { title: '办事', tab: 'services', tabs: true, up: '/' },
  },
  {
    path: '/notices',
    component: () => import('./pages/notices/NoticesPage.vue'),
    meta: { title: '通知公告', tab: 'notices', up: '/' },
  },
  {
    path: '/notices/:id(\\d+)',
    component: () => import('./pages/notices/NoticePage.vue'),
    meta: { title: '通知公告', tab: 'notices', up: '/notices' },
  },
  {
    path: '/publicity',
    component: () => import('./pages/notices/PublicityPage.vue'),
    meta: { title: '正在公示', tab: 'notices', up: '/' },
  },
  {
    path: '/guides',
    component: () => import('./pages/notices/NoticesPage.vue'),
    props: { guides: true },
    meta: { title: '政策指南', tab: 'guides', up: '/' },
  },
  {
    path: '/surveys',
    component: () => import('./pages/surveys/SurveysPage.vue'),
    meta: { title: '需求调查', tab: 'services', up: '/' },
  },
  {
    path: '/surveys/:id(\\d+)',
    component: () => import('./pages/surveys/SurveyPage.vue'),
    meta: { title: '需求调查', tab: 'services', up: '/surveys' },
  },
  {
    path: '/verify/:code?',
    component: () => import('./pages/verify/VerifyPage.vue'),
    meta: { title: '验证文书', up: '/' },
  },
  {
    path: '/about/:topic(privacy|accessibility|anju)',
    component: () => import('./pages/about/AboutPage.vue'),
    meta: { title: '说明', up: '/' },
  },
  {
    path: '/register',
    component: () => import('./pages/account/RegisterPage.vue'),
    meta: { title: '注册', up: '/sign-in' },
  },
  {
    path: '/bind',
    component: () => import('./pages/account/BindPage.vue'),
    meta: { title: '绑定手机号', up: '/sign-in' },
  },
  { path: '/sign-in', component: () => import('./pages/account/SignInPage.vue'), meta: { title: '登录', up: '/' } },
  {
    path: '/reset',
    component: () => import('./pages/account/ResetPage.vue'),
    meta: { title: '重设密码', up: '/sign-in' },
  },
  {
    path: '/identity',
    component: () => import('./pages/identity/IdentityPage.vue'),
    meta: { title: '实名认证', tab: 'me', auth: true, up: '/me' },
  },
  {
    path: '/identity/photos',
    component: () => import('./pages/identity/PhotosPage.vue'),
    meta: { title: '证件照片认证', tab: 'me', auth: true, up: '/identity' },
  },
  {
    path: '/identity/bank',
    component: () => import('./pages/identity/BankPage.vue'),
    meta: { title: '银行用户认证', tab: 'me', auth: true, up: '/identity' },
  },
  {
    path: '/apply',
    component: () => import('./pages/apply/TaskListPage.vue'),
    meta: { title: '申请公租房', tab: 'services', auth: true, up: '/services' },
  },
  {
    path: '/apply/check',
    component: () => import('./pages/apply/CheckPage.vue'),
    meta: { title: '申请公租房', tab: 'services', auth: true, up: '/apply' },
  },
  {
    path: '/apply/done/:id(\\d+)',
    component: () => import('./pages/apply/DonePage.vue'),
    meta: { title: '申请公租房', tab: 'services', auth: true, up: '/services' },
  },
  {
    path: '/apply/:page',
    component: () => import('./pages/apply/StepPage.vue'),
    meta: { title: '申请公租房', tab: 'services', auth: true, up: '/apply' },
  },
  {
    path: '/records',
    component: () => import('./pages/records/RecordsPage.vue'),
    meta: { title: '我的记录', tab: 'services', auth: true, up: '/services' },
  },
  {
    path: '/records/:id(\\d+)',
    component: () => import('./pages/records/RecordPage.vue'),
    meta: { title: '我的申请', tab: 'services', auth: true, up: '/records' },
  },
  {
    path: '/certificate',
    component: () => import('./pages/records/CertificatePage.vue'),
    meta: { title: '资格证', tab: 'services', auth: true, up: '/services' },
  },
  {
    path: '/messages',
    component: () => import('./pages/messages/MessagesPage.vue'),
    meta: { title: '消息', tab: 'messages', auth: true, tabs: true, up: '/' },
  },
  {
    path: '/waiting',
    component: () => import('./pages/waiting/WaitingPage.vue'),
    meta: { title: '我的轮候', tab: 'services', auth: true, tabs: true, up: '/services' },
  },
  {
    path: '/waiting/intention',
    component: () => import('./pages/waiting/IntentionPage.vue'),
    meta: { title: '我想要的房子', tab: 'services', auth: true, up: '/waiting' },
  },
  {
    path: '/batches',
    component: () => import('./pages/choosing/BatchesPage.vue'),
    meta: { title: '选房批次', tab: 'services', auth: true, up: '/services' },
  },
  {
    path: '/batches/:id(\\d+)',
    component: () => import('./pages/choosing/BatchPage.vue'),
    meta: { title: '选房', tab: 'services', auth: true, up: '/batches' },
  },
  {
    path: '/batches/:id(\\d+)/units/:unit(\\d+)',
    component: () => import('./pages/choosing/ViewingPage.vue'),
    meta: { title: '预约看房', tab: 'services', auth: true, up: '/batches' },
  },
  {
    path: '/appointments/:id(\\d+)',
    component: () => import('./pages/choosing/AppointmentPage.vue'),
    meta: { title: '我的看房', tab: 'services', auth: true, up: '/batches' },
  },
  {
    path: '/contracts',
    component: () => import('./pages/contracts/ContractsPage.vue'),
    meta: { title: '我的合同', tab: 'me', auth: true, up: '/me' },
  },
  {
    path: '/contracts/:id(\\d+)',
    component: () => import('./pages/contracts/ContractPage.vue'),
    meta: { title: '合同', tab: 'me', auth: true, up: '/contracts' },
  },
  {
    path: '/contracts/:id(\\d+)/sign',
    component: () => import('./pages/contracts/SignPage.vue'),
    meta: { title: '签合同', tab: 'me', auth: true, up: '/contracts' },
  },
  {
    path: '/contracts/:id(\\d+)/terminate',
    component: () => import('./pages/contracts/TerminatePage.vue'),
    meta: { title: '申请退租', tab: 'me', auth: true, up: '/contracts' },
  },
  {
    path: '/me',
    component: () => import('./pages/me/MePage.vue'),
    meta: { title: '我的', tab: 'me', auth: true, tabs: true, up: '/' },
  },
  {
    path: '/:rest(.*)*',
    component: () => import('./pages/about/LostPage.vue'),
    meta: { title: '没有这一页', up: '/' },
  },
]

const PATIENCE = 3000
const LOOK = 50

/** Waits until the page that was left is as long again as it was: its list makes it so, which is asked for anew. */
async function tall(top: number): Promise<void> {
  const end = Date.now() + PATIENCE
  while (document.documentElement.scrollHeight < top + window.innerHeight && Date.now() < end)
    await new Promise((next) => setTimeout(next, LOOK))
}

export const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior: async (to, from, saved) => {
    if (saved) {
      await tall(saved.top)
      return saved
    }
    if (to.hash) return { el: to.hash }
    // another filter of the same list leaves the reader where he is
    return to.path === from.path ? undefined : { top: 0 }
  },
})

router.beforeEach(async (to) => {
  if (to.path === '/' && !session.state.city) {
    // Who comes signed in, as from the city app, has a city already; only a visitor chooses one first.
    await known()
    return session.state.city ? true : '/city'
  }
  if (!to.meta.auth) return true
  await known()
  return session.signedIn.value || { path: '/sign-in', query: { next: to.fullPath } }
})

router.afterEach((to, from) => {
  setTitle(to.meta.title)
  // The first page of a visit keeps the browser's own focus.
  if (from.matched.length && to.path !== from.path) void nextTick(focusHeading)
})
