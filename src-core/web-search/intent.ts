/**
 * Whether a text asks for a look at the internet, in the languages most users write: a search word near a word for the
 * web, or news. A clause that refuses it does not count. Words are matched in small letters without accents.
 */
export function asksForTheWeb(text: string): boolean {
  return clausesOf(plain(excerpt(text))).some((clause) =>
    languages.some(({ asks, refuses }) => asks.test(clause) && !refuses.test(clause)),
  )
}

/** What is asked for stands at the beginning or at the end; between them is what was pasted. */
const mostRead = 1000

function excerpt(text: string): string {
  return text.length <= 2 * mostRead ? text : `${text.slice(0, mostRead)}\n${text.slice(-mostRead)}`
}

const accents = /[\u0300-\u036f]/g

function plain(text: string): string {
  return text.normalize('NFD').replace(accents, '').normalize('NFC').replaceAll('’', "'").toLowerCase()
}

/** Where what was refused ends and something else may begin. */
const clauseEnd =
  /[.!?;:,](?=\s|$)|[。！？；：，、\n]|\s[-–—]\s|\b(?:but|so|then|just|aber|sondern|mais|sino|pero|mas|ma)\b|但是?|而是|でも/

const clausesOf = (text: string): string[] => text.split(clauseEnd).filter((clause) => clause !== '')

/** "The web server" and "the online flag" are things, not places to search. */
const theWeb =
  /(?:the (?:world ?wide )?(?:web|net)(?![\w-]| ?(?:server|app|page|site|socket|hook|component|client|ui|interface|framework|folder|directory|module|service|worker|layer|api|view|form|router|handler|request|config|package|project))|(?:the )?internet(?! ?(?:explorer|connection|gateway|access))|online(?=\s*$| (?:for|about|to|and|or|if|whether|what|who|when|how|which)\b)|(?:on|with|use|via) (?:google|bing|duckduckgo))/

const languages: readonly { asks: RegExp; refuses: RegExp }[] = [
  {
    asks: either(
      /^\s*\/(?:web[-_ ]?)?search\b/,
      /^\s*(?:please )?(?:web|internet)[ _-]?search\b/,
      /\b(?:do|run|make|perform|use|using|via|with|by|through|try|need|want)\b.{0,20}\b(?:web|internet|online|google)[ _-]?search/,
      new RegExp(
        `\\b(?:search|look|find|check|brows|research|quer|consult|surf|scour|us)\\w*\\b.{0,80}?\\b${theWeb.source}`,
      ),
      /\bgoogle (?:it|this|that|for|the|whether|what|how|who)\b/,
      /\b(?:latest|recent|today's|current|breaking|newest)\b.{0,30}\b(?:news|headlines)\b/,
      /\b(?:search|look|find)\w*\b.{0,30}\b(?:news|headlines)\b/,
    ),
    refuses: either(
      /(?<!why )\b(?:do not|don'?t|never|without|no need to|should(?: not|n't)|must(?: not|n't)|need(?: not|n't)|avoid|stop|instead of|rather than)\b(?:\W+\w+){0,4}?\W+(?:search|look|find|check|brows|research|quer|consult|surf|us|go|web|internet|online)/,
      /\bno (?:web|internet|online|googl)/,
    ),
  },
  {
    // German
    asks: either(
      /\b(?:such|recherchier|schau|find|guck|sieh|pruf|forsch|nachseh)\w*\b.{0,60}\b(?:im (?:inter)?netz?|im web|online|(?:bei|auf|mit|uber) google)\b/,
      /\b(?:im (?:inter)?netz?|im web|online|bei google)\b.{0,60}\b(?:such|recherch|nachseh|nachschau|find|nachles|nachschlag)\w*/,
      /\b(?:web|internet)(?:suche|recherche)\b/,
      /\bgoog(?:el|le) (?:mal|das|nach|bitte|es)\b/,
      /\b(?:aktuell|neuest|neust|heutig)\w* (?:nachrichten|schlagzeilen|meldungen)\b/,
    ),
    refuses: /\b(?:nicht|kein\w*|ohne|nie|niemals|nirgends|statt)\b/,
  },
  {
    // French
    asks: either(
      /\b(?:cherch|recherch|regard|trouv|verifi|consult|renseign)\w*\b.{0,60}\b(?:sur (?:le |l')?(?:web|net|internet|google)|en ligne)\b/,
      /\brecherche (?:web|internet|google)\b/,
      /\bdernieres (?:nouvelles|actualites|infos)\b/,
    ),
    refuses: /\b(?:ne|n'\w+|sans|pas|jamais|inutile|evite\w*|aucune?|plutot que)\b/,
  },
  {
    // Spanish
    asks: either(
      /\b(?:busc|busq|investig|consult|mir|encuentr|averigu|revis)\w*\b.{0,60}\b(?:en (?:la |el )?(?:web|red|internet|google)|por internet|en linea|online)\b/,
      /\bbusqueda (?:web|en internet|en linea)\b/,
      /\bgooglea\w*\b/,
      /\b(?:ultimas noticias|noticias (?:recientes|actuales|de hoy))\b/,
    ),
    refuses: /\b(?:no|sin|nunca|jamas|evit\w+|tampoco|en lugar de|en vez de)\b/,
  },
  {
    // Portuguese
    asks: either(
      /\b(?:pesquis|procur|busc|consult|verifi)\w*\b.{0,60}\b(?:na (?:web|internet|rede)|no google|online)\b/,
      /\b(?:ultimas|recentes) noticias\b/,
    ),
    refuses: /\b(?:nao|sem|nunca|jamais|evit\w+|em vez de)\b/,
  },
  {
    // Italian
    asks: either(
      /\b(?:cerc|ricerc|controll|trov|consult|verific)\w*\b.{0,60}\b(?:sul web|su(?:l|ll')? ?internet|in rete|online|su google)\b/,
      /\bultime notizie\b/,
    ),
    refuses: /\b(?:non|senza|mai|evit\w+|invece di)\b/,
  },
  {
    // Chinese
    asks: either(
      /(?:联网|聯網|上网|上網|网上|網上|网络|網路|網絡|互联网|互聯網|全网|谷歌|百度|必应|google|bing).{0,12}(?:搜|查|找|检索|檢索|看看|了解)/,
      /(?:搜索|搜尋|搜一下|查找|检索|查询|查詢|查一下|搜).{0,12}(?:网上|網上|网络|網路|互联网|互聯網|网页|網頁|新闻|新聞|资讯|資訊)/,
      /(?:谷歌|百度|google)一下/,
      /最新的?(?:新闻|新聞|消息|资讯|資訊)/,
    ),
    refuses:
      /不要|不用|不需要|无需|無需|不必|(?<![特级級分区區类類差个個])[别別](?![的人处處])|禁止|勿|不准|不许|不許|没必要|沒必要/,
  },
  {
    // Japanese
    asks: either(
      /(?:ネット|ウェブ|オンライン|グーグル|web|google)(?:で|上で|を|から)?.{0,12}(?:検索|調べ|探し|探す)/,
      /ググ(?:って|る|れ)/,
      /最新の?ニュース/,
    ),
    refuses: /しないで|せずに|しなくて|べないで|べずに|不要|なしで|さないで|さずに/,
  },
]

function either(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'))
}
