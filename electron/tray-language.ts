export type TrayLanguage = 'en' | 'zh'

/** What the window said last, else as the system speaks; only these two are spoken. */
export function trayLanguage(told: string | undefined, system: string): TrayLanguage {
  return (told ?? system).toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
