// @ts-check
// The health check of the container: 0 when /api/health answers 200.
const url = `http://127.0.0.1:${process.env.PORT ?? 3000}/api/health`
const base = new URL(process.env.BASE_URL || url)
const answer = await fetch(url, { headers: { "x-forwarded-host": base.host }, redirect: "manual" }).catch(
  () => null,
)
process.exit(answer?.status === 200 ? 0 : 1)
