export function desktopHurdle(parts: {
  platform: string
  env: Readonly<Record<string, string | undefined>>
  root: boolean
  argv: readonly string[]
  fetchBinary(): string | undefined
}): string | undefined
