import { Empty } from '../../components/empty.tsx'
import { useMessages } from '../../messages.ts'

export default function Overview() {
  const { shell } = useMessages()
  return <Empty title={shell.loading} />
}
