import { expect, test } from 'vitest'
import { asksForTheWeb } from '../../../src-core/web-search/intent.ts'

test.each([
  'Search the web for the latest Node release',
  'please search online for reviews of it',
  'Can you look this up on the internet?',
  'look up online what changed in Node 24',
  'Use web search to find out who won',
  'do a quick web search: who is the CEO of Acme',
  'Web search: node 24 lts date',
  '/search node 24 lts date',
  'google it',
  'Just google what the error means',
  'browse the web for a recipe',
  'check the internet whether it is still sold',
  'What is the latest news on the election?',
  'find news about the launch',
  "Don't guess, search the web.",
  'I do not know who won, so search the web',
  "Why don't you search the web?",
  'Fix the bug. If you are stuck, search the web.',
  // German
  'Such mal im Internet nach der neuesten Version',
  'Kannst du im Web nachsehen, ob das stimmt?',
  'Recherchiere online, was Kritiker sagen',
  'Mach bitte eine Websuche dazu',
  'Prüfe im Netz, ob es ihn noch gibt',
  'Was sind die aktuellen Nachrichten?',
  'Ich weiß es nicht, such im Internet',
  // French
  'Cherche sur le web la dernière version',
  'Peux-tu vérifier en ligne ?',
  'Fais une recherche sur internet',
  'Quelles sont les dernières actualités ?',
  // Spanish
  'Busca en internet la última versión',
  '¿Puedes buscar en la web quién ganó?',
  'Investiga en línea qué opinan',
  'Dame las últimas noticias',
  // Portuguese, Italian
  'Pesquise na internet a última versão',
  'Cerca sul web la ricetta',
  // Chinese
  '请联网搜索一下最新版本',
  '上网查一下谁赢了',
  '帮我搜索网上的评价',
  '百度一下这个错误',
  '今天有什么最新新闻',
  '特别是要联网查一下价格',
  '請上網搜尋最新版本',
  // Japanese
  'ネットで検索して',
  '最新ニュースを教えて',
  'ググって',
])('asks: %s', (text) => {
  expect(asksForTheWeb(text)).toBe(true)
})

test.each([
  'hello',
  'Search the code for uses of fetch',
  'find the function that parses the web server config',
  'look for the web socket handler',
  'Find information about this repository',
  'search for the online flag in settings.ts',
  'Add a web search feature to my app',
  'use the web framework we have',
  'find why the internet connection check fails',
  'What is the weather?',
  "Don't search the web",
  'Do not look anything up online.',
  'Answer without searching the web',
  'Please never use the internet for this',
  'no web search please, just answer',
  'There is no need to google it or search the web',
  'Do it instead of searching the web',
  // German
  'Such nicht im Internet',
  'Bitte ohne Websuche antworten',
  'Du sollst im Web keine Seiten suchen',
  'Suche die Funktion im Code',
  'Finde den Fehler',
  // French
  'Ne cherche pas sur internet',
  'Réponds sans recherche web',
  'Cherche la fonction dans le code',
  // Spanish
  'No busques en internet',
  'Responde sin buscar en la web',
  'Busca la función en el código',
  // Portuguese, Italian
  'Não pesquise na internet',
  'Non cercare sul web',
  // Chinese
  '不要联网搜索',
  '别上网查，直接回答',
  '不用网上搜索',
  '搜索代码里的函数',
  '無需上網查詢',
  // Japanese
  'ネットで検索しないで',
])('does not ask: %s', (text) => {
  expect(asksForTheWeb(text)).toBe(false)
})

test('what was pasted between the question and its end is not read', () => {
  const pasted = 'x '.repeat(3000)
  expect(asksForTheWeb(`${pasted} search the web ${pasted}`)).toBe(false)
  expect(asksForTheWeb(`search the web\n${pasted}`)).toBe(true)
  expect(asksForTheWeb(`${pasted}\nsearch the web`)).toBe(true)
})
