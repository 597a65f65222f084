import type { Page } from '@playwright/test'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'
import { searxng } from '../src-core/web-search/answers.ts'
import { expect, open, test, violations } from './rig.ts'

/** Adds a SearXNG at this address, and applies it. */
async function addSearxng(page: Page, url: string): Promise<void> {
  await page.getByLabel('Searches with', { exact: true }).selectOption('a SearXNG of mine')
  const form = page.getByRole('form', { name: 'Add an engine' })
  await form.getByLabel('Address').fill(url)
  await form.getByRole('button', { name: 'Add engine' }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('Applied: in force for the next request.')).toBeVisible()
}

test('an engine is added, tried, made the default, moved and removed', async ({ page, bay }) => {
  await using web = await startScriptedProvider(searxng)
  await open(page, bay, 'Search')
  await expect(page.getByText('No search engine yet')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Try a search' })).toBeHidden()
  await addSearxng(page, web.url)
  await expect(page.getByRole('list', { name: 'Engines in order' })).toContainText('ready')

  await page.getByLabel('Query').fill('the question')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByText(/^searxng answered with 2 pages in /)).toBeVisible()
  await expect(page.getByRole('link', { name: 'First page' })).toHaveAttribute('href', 'https://example.org/first?a=1')
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('It is so.')
  expect(web.requests.map(({ path }) => path)).toEqual(['/search?q=the+question&format=json'])

  await page.getByLabel('Searches with', { exact: true }).selectOption('a model of mine')
  await page.getByRole('form', { name: 'Add an engine' }).getByLabel('Model that searches').fill('south.small')
  await page.getByRole('button', { name: 'Add engine' }).click()
  await page.getByRole('button', { name: 'Make south the default' }).click()
  await page.getByRole('button', { name: 'Move south: Alt and arrow keys, or drag' }).press('Alt+ArrowUp')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect
    .poll(bay.config)
    .toMatch(/engines:\s+- id: south\s+providerKey: south\.small\s+default: true\s+- id: searxng/)

  await page.getByRole('button', { name: 'Remove south' }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(bay.config).not.toContain('id: south')
})

test('a search that fails says who was asked and why, and the engine shows that it rests', async ({ page, bay }) => {
  await using web = await startScriptedProvider({ status: 429, json: {} })
  await open(page, bay, 'Search')
  await addSearxng(page, web.url)
  await page.getByLabel('Query').fill('the question')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByText('No engine answered.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Who was asked' })).toContainText('limiter')
  await expect(page.getByRole('list', { name: 'Engines in order' })).toContainText('Asked last, until')
})

test('what is wrong with a setting is said beside it, and a key goes in without coming out', async ({ page, bay }) => {
  await open(page, bay, 'Search')
  await page.getByLabel('Longest time for a search').fill('soon')
  await page.getByLabel('Longest time for a search').blur()
  await expect(page.getByRole('main')).toContainText('must be a number')
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
  await page.getByRole('button', { name: 'Undo' }).click()

  await page.getByLabel('Searches with', { exact: true }).selectOption('Brave Search')
  await page.getByRole('button', { name: 'Add engine' }).click()
  await page.getByText('Edit brave').click()
  await expect(page.getByLabel('Where the key is kept')).toHaveValue('keychain:brave')
  await page.getByLabel('New key').fill('a-secret-key-0123')
  await page.getByRole('button', { name: 'Set key' }).click()
  await expect(page.getByText(/^brave counts until Patchbay ends|^brave is in the keychain/)).toBeVisible()
  expect(await page.content()).not.toContain('a-secret-key-0123')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing, with hits and with an open engine', async ({ page, bay }) => {
      await using web = await startScriptedProvider(searxng)
      await open(page, bay, 'Search')
      expect(await violations(page)).toEqual([])
      await addSearxng(page, web.url)
      await page.getByText('Edit searxng').click()
      await page.getByLabel('Query').fill('the question')
      await page.getByRole('button', { name: 'Search', exact: true }).click()
      await expect(page.getByRole('region', { name: 'Pages found' })).toBeVisible()
      expect(await violations(page)).toEqual([])
    })
  })
}
