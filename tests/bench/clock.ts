/** The machine's monotonic clock in microseconds, sixteen digits: the same in every process. */
export function stampNow(): string {
  const [seconds, nanoseconds] = process.hrtime()
  return String(seconds * 1e6 + Math.floor(nanoseconds / 1e3)).padStart(16, '0')
}
