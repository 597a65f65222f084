import { Empty } from '../../components/empty.tsx'
import { useMessages } from '../../messages.ts'

export default function Activity() {
  const { shell } = useMessages()
  return <Empty title={shell.loading} />
}
