import { expect, open, test } from './rig.ts'

test.describe('re-patching', () => {
  test('by keyboard: a draft, applied for the next request, its comments kept, and undone', async ({ page, bay }) => {
    await open(page, bay)
    expect((await bay.ask()).target).toBe('north.large')
    const route = page.getByRole('list', { name: 'Routes' }).getByRole('button', { name: 'default' })
    await route.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'north.large' })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(route).toBeFocused()

    const draft = page.getByRole('region', { name: 'Draft' })
    await expect(draft).toContainText('1 change, not applied yet')
    expect((await bay.ask()).target).toBe('north.large')
    await draft.getByRole('button', { name: 'Show what changes' }).click()
    await expect(draft.getByRole('region', { name: 'What changes in the config file' })).toContainText('south.small')

    await draft.getByRole('button', { name: 'Apply' }).click()
    await expect(draft).toContainText('in force for the next request')
    expect((await bay.ask()).target).toBe('south.small')
    expect(bay.config()).toContain('# north first, it knows more')

    await draft.getByRole('button', { name: 'Undo' }).click()
    await expect(draft).toBeHidden()
    expect((await bay.ask()).target).toBe('north.large')
  })

  test('Escape lets go, and nothing is drafted', async ({ page, bay }) => {
    await open(page, bay)
    const route = page.getByRole('list', { name: 'Routes' }).getByRole('button', { name: 'default' })
    await route.click()
    await expect(route).toHaveAttribute('aria-pressed', 'true')
    await page.keyboard.press('Escape')
    await expect(route).toHaveAttribute('aria-pressed', 'false')
    await expect(page.getByRole('region', { name: 'Draft' })).toBeHidden()
  })

  test('by mouse: the hole is dragged onto a target, and the draft is undone', async ({ page, bay }) => {
    await open(page, bay)
    const route = page.getByRole('list', { name: 'Routes' }).getByRole('button', { name: 'default' })
    const hole = (await route.getByTitle('Drag to another target').boundingBox())!
    const target = (await page.getByRole('button', { name: 'south.small' }).boundingBox())!
    await page.mouse.move(hole.x + hole.width / 2, hole.y + hole.height / 2)
    await page.mouse.down()
    await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 8 })
    await page.mouse.up()
    const draft = page.getByRole('region', { name: 'Draft' })
    await expect(draft).toContainText('default asks south.small first')
    await draft.getByRole('button', { name: 'Undo' }).click()
    await expect(draft).toBeHidden()
    await expect(route).toHaveAttribute('aria-pressed', 'false')
  })
})

test('a request in flight lights its cables, and the jack says what it did', async ({ page, bay }) => {
  await open(page, bay)
  let answer = () => {}
  const waiting = new Promise<void>((resolve) => {
    answer = resolve
  })
  bay.north.reply(async () => {
    await waiting
    return {
      json: { choices: [{ index: 0, message: { role: 'assistant', content: 'Late.' }, finish_reason: 'stop' }] },
    }
  })
  const asked = bay.ask()
  const target = page.getByRole('list', { name: 'Targets' }).getByRole('button', { name: 'north.large' })
  await expect(target).toHaveAttribute('data-live')
  await expect(page.getByText('1 open')).toBeVisible()
  answer()
  await asked
  await expect(target).not.toHaveAttribute('data-live')
  await target.focus()
  await expect(page.getByRole('status').filter({ hasText: 'north.large is healthy. It answered' })).toBeVisible()
})

test('a key that is refused comes first in what to do next', async ({ page, bay }) => {
  bay.north.reply({ status: 401, json: { error: { message: 'no such key', code: 'invalid_api_key' } } })
  expect((await bay.ask()).target).toBe('south.small')
  await open(page, bay)
  await expect(page.getByRole('region', { name: 'What to do next' }).getByRole('listitem').first()).toContainText(
    'north',
  )
})
