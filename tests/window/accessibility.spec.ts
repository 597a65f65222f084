import { expect, open, test, violations } from './rig.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing on any page, nor in what opens on it', async ({ page, bay }) => {
      bay.north.reply({ status: 401, json: { error: { message: 'no such key', code: 'invalid_api_key' } } })
      await bay.ask('an-extraordinarily-long-model-name-that-nobody-could-ever-want-to-type-2026-11-26')
      await open(page, bay)
      await page.getByRole('list', { name: 'Routes' }).getByRole('button').first().click()
      await page.getByRole('button', { name: 'south.small' }).click()
      await expect(page.getByRole('region', { name: 'Draft' })).toBeVisible()
      expect(await violations(page)).toEqual([])
      await page.getByRole('region', { name: 'Draft' }).getByRole('button', { name: 'Undo' }).click()

      for (const name of ['Activity', 'Health']) {
        await page.getByRole('navigation').getByRole('link', { name }).click()
        await expect(page.getByRole('heading', { level: 1, name })).toBeAttached()
        await expect(page.getByText('south').first()).toBeAttached()
        expect(await violations(page)).toEqual([])
      }
      await page.getByRole('navigation').getByRole('link', { name: 'Activity' }).click()
      await page.locator('[role=row][data-index]').first().click()
      await expect(page.getByRole('region', { name: 'Attempts' })).toBeVisible()
      expect(await violations(page)).toEqual([])
    })

    test('in a small window nothing but its own boxes scrolls sideways', async ({ page, bay }) => {
      await page.setViewportSize({ width: 760, height: 520 })
      for (const name of ['Overview', 'Activity', 'Health']) {
        await open(page, bay, name)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(over, name).toBeLessThanOrEqual(0)
        expect(await violations(page), name).toEqual([])
      }
    })
  })
}
