import { en, type Messages } from './locales/en.ts'
import { zh } from './locales/zh.ts'
import { type Language, usePreferences } from './preferences.ts'

/** The language in force, as a tag for `lang` and Intl. */
function languageOf(wanted: Language, system: string): 'en' | 'zh' {
  if (wanted !== 'system') return wanted
  return system.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function useLanguage(): 'en' | 'zh' {
  return languageOf(
    usePreferences((preferences) => preferences.language),
    navigator.language,
  )
}

/** Every sentence of the window in the user's language. */
export function useMessages(): Messages {
  return useLanguage() === 'zh' ? zh : en
}
