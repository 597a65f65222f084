import { modelThat } from '../helpers/scripted-model.ts'
import { expect, open, test, violations } from './rig.ts'

const rows = '[role=row][data-index]'

test('exchanges appear as they happen; pause holds the list still', async ({ page, bay }) => {
  await open(page, bay, 'Activity')
  const before = await page.locator(rows).count()
  await bay.ask('asked-live')
  await expect(page.locator(rows).first()).toContainText('asked-live')
  await page.getByRole('button', { name: 'Pause' }).click()
  await bay.ask('asked-while-paused')
  await expect(page.getByText('One newer exchange waits.')).toBeVisible()
  await expect(page.locator(rows).first()).toContainText('asked-live')
  await page.getByRole('button', { name: 'Show them' }).click()
  await expect(page.locator(rows).first()).toContainText('asked-while-paused')
  await expect(page.locator(rows)).toHaveCount(before + 2)
})

test('the story of a request that went on to another target, by keyboard, and its replay', async ({ page, bay }) => {
  bay.north.reply({ status: 429, headers: { 'retry-after': '120' }, json: { error: { message: 'slow down' } } })
  expect((await bay.ask('asked-twice')).target).toBe('south.small')
  await open(page, bay, 'Activity')
  await page.getByText('Tried again').click()
  await expect(page.locator(rows)).toHaveCount(1)
  await page.locator(rows).first().focus()
  await page.keyboard.press('Enter')

  const story = page.getByRole('dialog', { name: 'Asked for asked-twice' })
  const attempts = story.getByRole('region', { name: 'Attempts' }).getByRole('listitem')
  await expect(attempts).toHaveCount(2)
  await expect(attempts.first()).toContainText('north.large')
  await expect(attempts.first()).toContainText('slow down')
  await expect(attempts.last()).toContainText('answered')
  await expect(story.getByRole('region', { name: 'Why by route default' })).toContainText('no other rule fired')
  await expect(story.getByRole('region', { name: 'Tokens' })).toContainText('In, reported')

  bay.north.reply({
    json: { choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }] },
  })
  await story.getByLabel('The same request to').selectOption('north.large')
  await story.getByRole('button', { name: 'Replay' }).click()
  await expect(story.getByText('north.large answered in')).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(story).toBeHidden()
  await expect(page.locator(rows).first()).toBeFocused()
})

test('an error says what happened and where to mend it', async ({ page, bay }) => {
  bay.north.reply({ status: 500, json: { error: { message: 'boom' } } })
  bay.south.reply({ status: 500, json: { error: { message: 'boom too' } } })
  expect((await bay.ask()).status).toBe(503)
  await open(page, bay, 'Activity')
  await page.getByText('Failed', { exact: true }).click()
  await page.locator(rows).first().click()
  const story = page.getByRole('dialog')
  await expect(story.getByRole('alert')).toContainText('boom')
  await story.getByRole('button', { name: 'Open Health' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeAttached()
})

test('the story of a request that searched the web, with the engine that failed', async ({ page, bay }) => {
  const engines = `  webSearch:
    engines:
      - { id: broken, service: searxng, baseUrl: ${bay.south.url}/broken }
      - { id: own, service: searxng, baseUrl: ${bay.south.url} }
`
  bay.gateway.writeConfig(bay.config() + engines)
  bay.south.reply(({ path }) =>
    path.startsWith('/broken')
      ? { status: 403, json: {} }
      : { json: { results: [{ title: 'One', url: 'https://one.example/', content: 'It is 24.' }] } },
  )
  bay.north.reply(
    modelThat(({ results }) =>
      results.length > 0
        ? { text: 'It is 24.' }
        : { calls: [{ id: 's1', name: 'web_search', args: { query: 'node lts' } }] },
    ),
  )
  const asked = () => bay.north.requests.filter(({ body }) => body.includes('web_search')).length
  // the file is watched: some request after the change is the first to search
  await expect(async () => {
    await bay.ask('searched', 'Search the web for the Node LTS')
    expect(asked()).toBeGreaterThan(0)
  }).toPass()
  await bay.ask('plain')
  await open(page, bay, 'Activity')
  await expect(page.locator(rows).first()).toContainText('plain')
  await expect(page.locator(rows).first()).not.toContainText('web search')
  await page.getByText('Web search', { exact: true }).click()
  await expect(page.locator(rows).first()).toContainText('searched')
  await expect(page.locator(rows).first()).toContainText('1 web search')
  expect(await violations(page)).toEqual([])
  await page.locator(rows).first().click()
  const story = page.getByRole('dialog').getByRole('region', { name: 'Web search' })
  await expect(story).toContainText('The model was given web_search: the user asks for the web.')
  await expect(story.getByRole('listitem')).toContainText('node lts')
  await expect(story.getByRole('listitem')).toContainText('own found one page in')
  await expect(story.getByRole('listitem')).toContainText('First asked: broken is the first in the config.')
  await expect(story.getByRole('listitem')).toContainText('broken:')
})

test('of many exchanges only those in sight exist, and arrows go through all of them', async ({ page, bay }) => {
  const many = 150
  await Promise.all(Array.from({ length: many }, () => bay.ask()))
  await open(page, bay, 'Activity')
  await expect(page.getByText(/^\d{3} exchanges$/)).toBeVisible()
  expect(await page.locator(rows).count()).toBeLessThan(60)
  await page.locator(rows).first().focus()
  await page.keyboard.press('End')
  await expect(page.locator(`${rows}:focus`)).toHaveAttribute('aria-rowindex', String((await total(page)) + 1))
})

const total = async (page: Parameters<typeof open>[0]): Promise<number> =>
  Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1
