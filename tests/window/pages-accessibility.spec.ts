import { expect, open, test, violations } from './rig.ts'

const pages = ['Providers', 'Routing', 'Usage', 'Search', 'Settings']

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing on the pages that configure, nor in what opens on them', async ({ page, bay }) => {
      await bay.ask('an-extraordinarily-long-model-name-that-nobody-could-ever-want-to-type-2026-11-26')
      for (const name of pages) {
        await open(page, bay, name)
        await expect(page.getByRole('heading', { level: 1, name })).toBeAttached()
        expect(await violations(page), name).toEqual([])
      }
      await open(page, bay, 'Providers')
      await page.getByRole('link', { name: 'Edit north' }).click()
      for (const tab of ['Credentials', 'Models & limits', 'Advanced']) {
        await page.getByRole('tab', { name: tab }).click()
        await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible()
        expect(await violations(page), tab).toEqual([])
      }
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Add a provider…' }).click()
      await expect(page.getByText('retired').first()).toBeVisible()
      expect(await violations(page), 'profiles').toEqual([])
    })

    test('in a small window nothing but its own boxes scrolls sideways', async ({ page, bay }) => {
      await page.setViewportSize({ width: 760, height: 520 })
      for (const name of pages) {
        await open(page, bay, name)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(over, name).toBeLessThanOrEqual(0)
        const inPage = await page.getByRole('main').evaluate((main) => main.scrollWidth - main.clientWidth)
        expect(inPage, name).toBeLessThanOrEqual(0)
      }
    })
  })
}
