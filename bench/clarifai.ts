import { rpcClient } from "@/test/rpc/client"
import { type Finding, inTurn, median } from "./measure"

interface Served {
  readonly url: string
  readonly grpcPort: number
  readonly key: string
}

/** Goal 21: one query of Clarifai's API over gRPC, beside the same over HTTP, one call after the other. */
export async function searchBothWays({ url, grpcPort, key }: Served, rounds: number): Promise<Finding[]> {
  const client = rpcClient(grpcPort)
  try {
    const findings: Finding[] = []
    for (const perPage of [20, 1_000]) {
      const asked = { pagination: { page: 1, per_page: perPage } }
      const samples = await inTurn(rounds, {
        grpc: async () => {
          const { code } = await client.search({ ...asked, user_app_id: { user_id: "me" } }, { key })
          if (code !== 10_000) throw new Error(`gRPC answered ${code}.`)
        },
        http: async () => {
          const answer = await fetch(`${url}/v2/users/me/audit_log/searches`, {
            method: "POST",
            headers: { authorization: `Key ${key}`, "content-type": "application/json" },
            body: JSON.stringify(asked),
          })
          if (!answer.ok) throw new Error(`HTTP answered ${answer.status}.`)
          await answer.json()
        },
      })
      const [grpc, http] = [median(samples.grpc), median(samples.http)]
      findings.push({
        goal: "21",
        what: `Clarifai's API over gRPC, ${perPage} entries`,
        baseline: "the same over HTTP",
        ratio: grpc / http,
        reach: null,
        figures: `${grpc.toFixed(1)} ms against ${http.toFixed(1)} ms`,
      })
    }
    return findings
  } finally {
    client.close()
  }
}
