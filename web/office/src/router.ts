import { createRouter, createWebHistory } from 'vue-router'
import { useSession } from './lib/useSession'

const REGISTER = () => import('./registers/RegisterPage.vue')

export const router = createRouter({
  history: createWebHistory('/office/'),
  routes: [
    { path: '/held', name: 'held', component: () => import('./identity/HeldPage.vue'), meta: { open: true } },
    {
      path: '/apply-account',
      name: 'apply-account',
      component: () => import('./login/ApplyPage.vue'),
      meta: { open: true },
    },
    { path: '/login', name: 'login', component: () => import('./login/LoginPage.vue'), meta: { open: true } },
    { path: '/openid', name: 'openid', component: () => import('./identity/OpenidPage.vue') },
    { path: '/screen', name: 'screen', component: () => import('./workspace/ScreenPage.vue') },
    {
      path: '/',
      component: () => import('./frame/FrameLayout.vue'),
      children: [
        { path: '', name: 'home', component: () => import('./home/WorkView.vue') },
        { path: 'cases/todo/:view?', name: 'todo', component: () => import('./todo/TodoPage.vue') },
        { path: 'matters', name: 'matters', component: () => import('./matters/MattersPage.vue') },
        { path: 'matters/new/:type', name: 'matter-new', component: () => import('./matters/MatterPage.vue') },
        { path: 'matters/drafts/:id(\\d+)', name: 'matter-draft', component: () => import('./matters/MatterPage.vue') },
        { path: 'cases/countdown', name: 'countdown', component: () => import('./todo/CountdownPage.vue') },
        { path: 'tasks', name: 'tasks', component: () => import('./workspace/TasksPage.vue') },
        { path: 'tasks/:id(\\d+)', name: 'task', component: () => import('./workspace/TaskPage.vue') },
        { path: 'messages', name: 'messages', component: () => import('./workspace/MessagesPage.vue') },
        { path: 'notices', name: 'notices', component: () => import('./workspace/NoticesPage.vue') },
        { path: 'notices/manage', name: 'notices-manage', component: () => import('./workspace/NoticesManage.vue') },
        { path: 'applications', name: 'applications', component: () => import('./workspace/ApplicationsPage.vue') },
        { path: 'calendar', name: 'calendar', component: () => import('./calendar/CalendarPage.vue') },
        { path: 'reports', name: 'reports', component: () => import('./reports/ReportsPage.vue') },
        { path: 'reports/:key', name: 'report', component: () => import('./reports/ReportPage.vue') },
        { path: 'registers/:key', name: 'register', component: REGISTER },
        {
          path: 'cases/:id(\\d+)',
          name: 'case',
          component: () => import('./cases/CasePage.vue'),
          meta: { roomy: true },
        },
        { path: 'board', name: 'board', component: () => import('./board/BoardPage.vue') },
        { path: 'supply/publishing', name: 'publishing', component: () => import('./supply/PublishingPage.vue') },
        { path: 'supply/differences', name: 'differences', component: () => import('./supply/DifferencesPage.vue') },
        { path: 'supply/map', name: 'project-map', component: () => import('./supply/MapPage.vue') },
        { path: 'supply/projects/:id(\\d+)', name: 'project', component: () => import('./supply/ProjectPage.vue') },
        { path: 'supply/units/:id(\\d+)', name: 'unit-life', component: () => import('./supply/UnitLifePage.vue') },
        { path: 'imports', name: 'imports', component: () => import('./registers/ImportsPage.vue') },
        {
          path: 'definitions/:kind',
          name: 'definitions',
          component: () => import('./definitions/DefinitionsPage.vue'),
        },
        {
          path: 'definitions/processes/:key/:version',
          name: 'process',
          component: () => import('./definitions/ProcessPage.vue'),
          meta: { roomy: true },
        },
        {
          path: 'definitions/forms/:key',
          name: 'form',
          component: () => import('./definitions/FormPage.vue'),
          meta: { roomy: true },
        },
        { path: 'definitions/rules/:key', name: 'rule', component: () => import('./definitions/RulePage.vue') },
        { path: 'waiting/batches', name: 'batches', component: () => import('./waiting/BatchesPage.vue') },
        { path: 'waiting/batches/:id(new|\\d+)', name: 'batch', component: () => import('./waiting/BatchPage.vue') },
        {
          path: 'tenancy/contracts/new',
          name: 'contract-new',
          component: () => import('./tenancy/ContractNewPage.vue'),
        },
        {
          path: 'tenancy/contracts/:id(\\d+)',
          name: 'contract',
          component: () => import('./tenancy/ContractPage.vue'),
        },
        {
          path: 'tenancy/templates/:id(\\d+)',
          name: 'contract-template',
          component: () => import('./documents/TemplatePage.vue'),
        },
        {
          path: 'citizen/verifications/:id(\\d+)',
          name: 'verification',
          component: () => import('./verifications/VerificationPage.vue'),
        },
        { path: 'gateway/watch', name: 'gateway-watch', component: () => import('./gateway/WatchPage.vue') },
        { path: 'gateway/guide', name: 'gateway-guide', component: () => import('./gateway/GuidePage.vue') },
        { path: 'trust/audit', name: 'trust-audit', component: () => import('./trust/AuditPage.vue') },
        { path: 'trust/integrity', name: 'trust-integrity', component: () => import('./trust/IntegrityPage.vue') },
        { path: 'trust/keys', name: 'trust-keys', component: () => import('./trust/KeysPage.vue') },
        { path: 'account', name: 'account', component: () => import('./identity/AccountPage.vue') },
        { path: 'identity/policy', name: 'identity-policy', component: () => import('./identity/PolicyPage.vue') },
        { path: 'identity/flows', name: 'identity-flows', component: () => import('./identity/FlowsPage.vue') },
        {
          path: 'identity/applications/:id(\\d+)',
          name: 'account-application',
          component: () => import('./identity/ApplicationPage.vue'),
        },
        {
          path: 'identity/accounts/:id(\\d+)/sessions',
          name: 'account-sessions',
          component: () => import('./identity/AccountSessionsPage.vue'),
        },
        { path: 'identity/tree', name: 'organisation-tree', component: () => import('./identity/TreePage.vue') },
        { path: 'identity/menus', name: 'menus', component: () => import('./identity/MenusPage.vue') },
        {
          path: 'identity/roles/:id(\\d+)',
          name: 'role-permissions',
          component: () => import('./identity/PermissionsPage.vue'),
        },
        {
          path: 'identity/posts/:id(\\d+)',
          name: 'post-permissions',
          component: () => import('./identity/PermissionsPage.vue'),
        },
        { path: 'identity/grants/:id(new|\\d+)', name: 'grant', component: () => import('./identity/GrantPage.vue') },
        { path: 'identity/apps/:id(\\d+)', name: 'app-range', component: () => import('./identity/AppRangePage.vue') },
        {
          path: 'identity/substitutions',
          name: 'substitutions',
          component: () => import('./identity/SubstitutionsPage.vue'),
        },
        { path: ':rest(.*)*', name: 'missing', component: () => import('./frame/MissingPage.vue') },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.meta.open) return true
  const me = await session.restore()
  if (!me && session.demand) return { name: 'held', query: { to: to.fullPath } }
  if (!me) return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  return true
})
