import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const read = (name: string) => fs.readFileSync(path.join(root, name), 'utf8')

function folder(name: string, ending: string): string {
  const names = fs.readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' }).sort()
  return names
    .filter((file) => file.endsWith(ending))
    .map((file) => read(path.join(name, file)))
    .join('\n')
}

const chinese = [
  '今天早上下了一场小雨，街道两旁的树木显得格外青翠，空气里有一股泥土的味道。',
  '请先检查配置文件中的端口号是否正确，然后重新启动服务，如果仍然失败，请查看日志。',
  '他把那本旧书放回书架，转身走到窗前，看着远处的灯火一盏一盏亮起来。',
  '这个函数接受两个参数，第一个是文件的绝对路径，第二个是要读取的最大行数。',
  '中国的高速铁路网络在过去十年里迅速扩展，许多城市之间的旅行时间缩短了一半以上。',
  '如果缓存中已经有这条记录，就直接返回结果，否则向数据库发送查询并等待回应。',
  '医生建议他每天坚持散步半个小时，少吃油腻的食物，按时休息。',
  '会议定于下周三下午两点在三楼的会议室举行，请各部门负责人准时参加。',
  '孩子们在操场上追逐嬉戏，笑声传得很远，连门口的老人也忍不住微笑。',
  '为了避免并发修改造成的数据不一致，我们在写入之前先获取锁，完成之后立即释放。',
  '唐代的诗歌不仅数量众多，而且题材广泛，从边塞风光到日常生活都有动人的描写。',
  '错误信息应当说明发生了什么事、在哪里发生，以及用户接下来可以怎么做。',
  '这家小店的老板娘做的豆腐脑远近闻名，每天不到九点就卖完了。',
  '测试没有通过的原因是时区设置不同，修改环境变量之后一切恢复正常。',
  '科学家们发现，这种深海鱼类能够在完全黑暗的环境中依靠微弱的生物光寻找食物。',
  '合同自双方签字之日起生效，有效期为三年，期满前一个月可以协商续签。',
  '模型根据上下文预测下一个词，因此提示写得越清楚，得到的回答通常越准确。',
  '奶奶常说，日子是过出来的，不是盘算出来的，踏踏实实比什么都强。',
  '升级之前请务必备份所有重要数据，并确认磁盘空间足够，以免中途中断。',
  '夕阳把湖面染成了金红色，几只野鸭悄无声息地游进芦苇丛中。',
]

const japanese = [
  '今朝は少し肌寒かったので、厚手の上着を着て駅まで歩いて行きました。',
  '設定ファイルのポート番号を確認してから、サービスを再起動してください。',
  '彼女は古い手紙を引き出しにしまい、しばらく窓の外の雪を眺めていた。',
  'この関数は二つの引数を受け取り、最初のものはファイルの絶対パスです。',
  '日本の夏は湿度が高く、夜になっても気温があまり下がらない日が続きます。',
  'キャッシュに記録があればそれを返し、なければデータベースに問い合わせます。',
  '会議は来週の水曜日の午後二時から、三階の会議室で行われる予定です。',
  '子どもたちは川辺で石を投げて遊び、日が暮れるまで帰ろうとしなかった。',
  'エラーメッセージには、何が起きたのか、次に何をすればよいのかを書くべきです。',
  '祖父は毎年春になると庭の梅の木を剪定し、その実で梅干しを作っていました。',
  'テストが失敗した原因は、タイムゾーンの設定が環境によって異なっていたことでした。',
  '新幹線の車窓から富士山が見えたとき、乗客の何人かが思わず声を上げた。',
  'アップデートの前に、必ず大切なデータのバックアップを取っておいてください。',
  '平安時代の文学には、季節の移ろいと人の心の揺れが繊細に描かれている。',
  'モデルは文脈から次の単語を予測するので、指示は具体的であるほど良い結果になります。',
  '商店街の小さなパン屋は、朝の七時にはもう焼きたての香りでいっぱいになる。',
  '契約は署名の日から三年間有効とし、満了の一か月前までに更新を協議する。',
  '書き込みの前にロックを取得し、処理が終わったらすぐに解放するようにしました。',
  '海辺の町では、漁師たちが夜明け前から船を出し、静かな港に灯りがともる。',
  'この論文は、深海に住む生物がどのように光を使うかについて詳しく論じている。',
]

/** The same sequence every time: texts must be the same in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Sentences in ever new order, in paragraphs. */
function paragraphs(sentences: readonly string[], characters: number): string {
  const next = numbers(7)
  let text = ''
  while (text.length < characters) {
    text += sentences[Math.floor(next() * sentences.length)]
    if (next() < 0.2) text += '\n\n'
  }
  return text
}

const lock: unknown = JSON.parse(read('package-lock.json'))
const prose = folder('docs', '.md') + read('README.md') + read('CONTRIBUTING.md')

/** A few hundred kilobytes of each kind of text that conversations hold; the English and the code are the project's own. */
export const sampleTexts = {
  English: prose,
  TypeScript: folder('src-core', '.ts'),
  'compact JSON': JSON.stringify(lock),
  'pretty JSON': JSON.stringify(lock, null, 2),
  Chinese: paragraphs(chinese, 60_000),
  Japanese: paragraphs(japanese, 60_000),
}

export type SampleName = keyof typeof sampleTexts

/** `count` messages of about `characters`, cut from all over a text. */
export function messagesOf(text: string, count: number, characters: number): string[] {
  const next = numbers(count)
  return Array.from({ length: count }, (_, index) => {
    const size = Math.min(text.length, Math.round(characters * (0.2 + 1.6 * next())))
    const from = Math.floor(next() * (text.length - size))
    return `${index}. ${text.slice(from, from + size)}`.toWellFormed()
  })
}
