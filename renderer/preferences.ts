import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'system' | 'en' | 'zh'

interface Preferences {
  theme: Theme
  language: Language
  setTheme(theme: Theme): void
  setLanguage(language: Language): void
}

/** How this window looks and speaks: kept in the browser, no part of the config. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      language: 'system',
      setTheme: (theme) => set({ theme }),
      setLanguage: (language) => set({ language }),
    }),
    { name: 'patchbay-preferences' },
  ),
)

/** Writes the theme in force to the root element, now and whenever the user or the system changes it. */
export function keepTheme(root: HTMLElement): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const write = (): void => {
    const { theme } = usePreferences.getState()
    root.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
  }
  dark.addEventListener('change', write)
  usePreferences.subscribe(write)
  write()
}
