import type { Shell } from '../src-core/index.ts'
import type { TrayLanguage } from './tray-language.ts'
import { ago, type IconState, marks } from './tray-view.ts'

const shellNames: Record<Shell, string> = {
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  powershell: 'PowerShell',
  cmd: 'cmd',
}

const en = {
  states: {
    running: `${marks.healthy}  Running`,
    degraded: `${marks.cooling}  Running, some backends rest`,
    'no-backend': `${marks.tripped}  No backend can be called`,
    paused: `${marks.off}  Paused`,
  } satisfies Record<IconState, string>,
  copies: 'Copies the address',
  tooltip: { exposed: 'open to the network', paused: 'paused' },
  requests: (open: number) =>
    open === 0 ? 'no request open' : open === 1 ? '1 request open' : `${open} requests open`,
  connected: (requests: string) => `Gemini CLI connected · ${requests}`,
  notConnected: (requests: string) => `Gemini CLI not connected · ${requests}`,
  exposed: (left: string) => `${marks.cooling}  Open to the network for ${left} – close now`,
  backend: 'Backend',
  providers: 'Providers',
  off: 'off',
  tryNow: (provider: string) => `Try ${provider} now`,
  back: (left: string) => `back in ${left}`,
  /** Few words for what a person can do something about; for the rest the countdown says enough. */
  failures: {
    'no-credential': 'no key',
    'sign-in-again': 'sign in again',
    'signed-out': 'not signed in',
    expiring: 'login ends soon',
    'bad-credentials': 'key refused',
    permission: 'not permitted',
    'needs-user-action': 'needs you',
    'quota-exhausted': 'quota used up',
    'model-quota': 'quota used up',
    'retired-service': 'retired',
    'rate-limited': 'rate limit',
    capacity: 'overloaded',
    'provider-unreachable': 'unreachable',
  } as Record<string, string>,
  between: ', ',
  problem: (words: string, at: number, now: number) => `Last problem: ${words} (${ago(at, now)})`,
  signInAgain: (account: string) => `Sign in again: ${account}…`,
  notices: {
    again: (account: string) => `Sign in again: ${account}`,
    ends: (account: string) => `The login ${account} ends soon`,
    several: (count: number) => `${count} logins need you`,
    body: 'Requests by this account fail until then.',
  },
  connect: 'Connect Gemini CLI',
  write: 'Write its settings…',
  undo: 'Undo…',
  terminal: 'Open a terminal with it',
  copyLines: (shell: Shell) => `Copy lines for ${shellNames[shell]}`,
  open: 'Open Patchbay',
  login: 'Start at login',
  resume: 'Resume',
  pause: 'Pause (clients get a clear error)',
  quit: 'Quit',
}

export type TrayWords = typeof en

function agoInChinese(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return '刚刚'
  return minutes < 60 ? `${minutes} 分钟前` : `${Math.floor(minutes / 60)} 小时前`
}

const zh: TrayWords = {
  states: {
    running: `${marks.healthy}  运行中`,
    degraded: `${marks.cooling}  运行中，部分后端在休息`,
    'no-backend': `${marks.tripped}  没有可用的后端`,
    paused: `${marks.off}  已暂停`,
  },
  copies: '复制地址',
  tooltip: { exposed: '对网络开放', paused: '已暂停' },
  requests: (open) => (open === 0 ? '没有进行中的请求' : `${open} 个请求进行中`),
  connected: (requests) => `Gemini CLI 已连接 · ${requests}`,
  notConnected: (requests) => `Gemini CLI 未连接 · ${requests}`,
  exposed: (left) => `${marks.cooling}  对网络开放，剩余 ${left} – 立即关闭`,
  backend: '后端',
  providers: '服务商',
  off: '已关闭',
  tryNow: (provider) => `立即重试 ${provider}`,
  back: (left) => `${left} 后恢复`,
  failures: {
    'no-credential': '没有密钥',
    'sign-in-again': '需要重新登录',
    'signed-out': '未登录',
    expiring: '登录即将到期',
    'bad-credentials': '密钥被拒绝',
    permission: '没有权限',
    'needs-user-action': '需要您处理',
    'quota-exhausted': '配额已用尽',
    'model-quota': '配额已用尽',
    'retired-service': '已停用',
    'rate-limited': '速率受限',
    capacity: '过载',
    'provider-unreachable': '无法连接',
  },
  between: '，',
  problem: (words, at, now) => `最近的问题：${words}（${agoInChinese(at, now)}）`,
  signInAgain: (account) => `重新登录：${account}…`,
  notices: {
    again: (account) => `需要重新登录：${account}`,
    ends: (account) => `登录 ${account} 即将到期`,
    several: (count) => `${count} 个登录需要您处理`,
    body: '在此之前，使用此账号的请求会失败。',
  },
  connect: '连接 Gemini CLI',
  write: '写入其设置…',
  undo: '撤销…',
  terminal: '在终端中打开',
  copyLines: (shell) => `复制 ${shellNames[shell]} 的命令行`,
  open: '打开 Patchbay',
  login: '登录时启动',
  resume: '继续',
  pause: '暂停（客户端会收到明确的错误）',
  quit: '退出',
}

/** Every sentence of the menu and of notifications, in the languages of the window. */
export const trayWords: Record<TrayLanguage, TrayWords> = { en, zh }
