import { idText, isChange, messageIn, nameIn } from "@/lib/audit/capture/answer"
import type { Call, CallStart } from "@/lib/audit/capture/call"
import { callerByAuthorization } from "@/lib/audit/capture/caller"
import { operationOf } from "@/lib/audit/capture/operations"
import { normalisePath } from "@/lib/audit/capture/paths"
import { readBody } from "@/lib/audit/capture/read-body"
import { isObject, type JsonValue, present } from "@/lib/audit/json/value"
import { generic, segmentsOf } from "./generic"
import { kubernetes, resourceRequest } from "./kubernetes"
import type { Description, Profile } from "./profile"

/**
 * Docker Engine, Swarm and UCP, which hands requests on to Kubernetes under the same address. Endpoints are the paths of the
 * API without their version: `/containers/{id}/start`.
 */
export const docker: Profile = {
  name: "docker",
  endpointOf(start) {
    const request = engineRequest(start)
    if (request === null) {
      const family = familyOf(start)
      return { ...family.endpointOf(start), profile: family.name }
    }
    return present({ endpoint: request.endpoint, version: request.version })
  },
  needs(start) {
    const request = engineRequest(start)
    return request === null ? familyOf(start).needs(start) : { request: false, response: mayChange(start) }
  },
  describe(call) {
    const request = engineRequest(call)
    if (request === null) return familyOf(call).describe(call)
    const answer = readBody(call.responseBody)
    return present({
      operation: operationOf(operationWords(call, request)),
      targets: isChange(call) ? targetsIn(request, answer) : [],
      message: call.status !== null && call.status >= 400 ? messageIn(answer) : undefined,
    })
  },
  callerOf: call =>
    engineRequest(call) === null ? familyOf(call).callerOf(call) : callerByAuthorization(call),
}

/** What is no request to Engine or Swarm: one to Kubernetes, or to UCP itself. */
function familyOf(start: CallStart): Profile {
  return resourceRequest(start) === null ? ucp : kubernetes
}

const ucp: Profile = { ...generic, name: "docker" }

interface EngineRequest {
  readonly endpoint: string
  readonly version?: string
  /** `containers`. */
  readonly service: string
  readonly id?: string
  /** The last word of the path where it is one of the API's, such as `start`. */
  readonly act?: string
}

/** Services with what can follow their name, and what can follow the id of an object. */
const services: Readonly<Record<string, readonly [all: string, one: string]>> = {
  containers: [
    "json create prune",
    `json top logs changes export stats resize start stop restart kill update rename pause unpause attach wait archive exec
     checkpoints copy`,
  ],
  images: ["json create prune search get load", "json history push tag get"],
  networks: ["create prune", "connect disconnect"],
  volumes: ["create prune", ""],
  exec: ["", "start resize json"],
  swarm: ["init join leave update unlock unlockkey", ""],
  nodes: ["", "update"],
  services: ["create", "update logs"],
  tasks: ["", "logs"],
  secrets: ["create", "update"],
  configs: ["create", "update"],
  plugins: ["privileges pull create", "json enable disable upgrade push set"],
  distribution: ["", "json"],
  build: ["prune cancel", ""],
  commit: ["", ""],
  system: ["df", ""],
  session: ["", ""],
  events: ["", ""],
  info: ["", ""],
  version: ["", ""],
  _ping: ["", ""],
  auth: ["", ""],
}
const words = new Map(
  Object.entries(services).map(([name, [all, one]]) => [name, { all: wordsOf(all), one: wordsOf(one) }]),
)

function engineRequest(start: CallStart): EngineRequest | null {
  const { path, bare, isSuspicious } = normalisePath(start.path)
  const [service = "", ...rest] = segmentsOf(bare)
  const known = words.get(service)
  if (isSuspicious || known === undefined) return null
  const version = /^\/v(\d+(?:\.\d+)?)\//.exec(path)?.[1]
  const last = rest.at(-1) ?? ""
  const isDelete = start.method.toUpperCase() === "DELETE"
  const request = (id: readonly string[], act?: string): EngineRequest =>
    present({
      endpoint: `/${[service, id.length > 0 ? "{id}" : undefined, act].filter(Boolean).join("/")}`,
      version,
      service,
      id: id.length > 0 ? id.join("/") : undefined,
      act,
    })
  if (rest.length === 0) return request([])
  if (rest.length === 1 && known.all.has(last) && !isDelete) return request([], last)
  // UCP has paths of its own below some of these names, such as `/auth/login`.
  if (known.one.size === 0 && service !== "volumes") return null
  // The names of images have slashes in them.
  if (rest.length > 1 && known.one.has(last) && !isDelete) return request(rest.slice(0, -1), last)
  return rest.length === 1 || service === "images" || service === "plugins" ? request(rest) : null
}

/** Returns the operation in the words of the API: `containers.start`, `images.pull`, `exec.create`. */
function operationWords(call: Call, { service, id, act }: EngineRequest): readonly string[] {
  const method = call.method.toUpperCase()
  switch (`${service}/${act ?? ""}`) {
    case "images/create":
      return ["images", /(?:^|&)fromSrc=[^&]/.test(call.query ?? "") ? "import" : "pull"]
    case "containers/exec":
      return ["exec", "create"]
    case "containers/archive":
      return ["containers", "archive", method === "PUT" ? "update" : "read"]
    case "images/get":
      return ["images", "export"]
    case "build/":
      return ["images", "build"]
    case "commit/":
      return ["images", "commit"]
    case "auth/":
      return ["registry", "login"]
    case "events/":
    case "info/":
    case "version/":
    case "session/":
      return ["system", service]
    case "_ping/":
      return ["system", "ping"]
  }
  if (act !== undefined && act !== "json") return [service, act]
  if (method === "DELETE") return [service, "delete"]
  if (method === "PUT") return [service, "update"]
  if (method !== "GET" && method !== "HEAD") return [service, method]
  return [service, id === undefined && service !== "swarm" ? "list" : "inspect"]
}

/** The ids that Docker gives: hexadecimal, perhaps with the name of the digest, or 25 characters of Swarm. */
const objectId = /^(?:(?:sha256:)?[0-9a-f]{12,64}|[0-9a-z]{25})$/
const typeOf: Readonly<Record<string, string>> = {
  build: "image",
  commit: "image",
  swarm: "node",
  exec: "exec",
}

function targetsIn(
  { service, id, act }: EngineRequest,
  answer: JsonValue | undefined,
): Description["targets"] {
  const type = typeOf[service] ?? service.replace(/s$/, "")
  const inPath = id === undefined ? [] : [target(type, decoded(id))]
  const created = isObject(answer) ? idText(answer.Id ?? answer.ID ?? answer.id) : swarmNode(service, answer)
  if (created !== undefined && created !== id) {
    return [present({ type: act === "exec" ? "exec" : type, id: created, name: nameIn(answer) }), ...inPath]
  }
  // A volume has no id: its name is all that it is known by.
  const named = service === "volumes" && id === undefined ? nameIn(answer) : undefined
  return named === undefined ? inPath : [target(type, named)]
}

function target(type: string, id: string): Description["targets"][number] {
  return objectId.test(id) ? { type, id } : { type, id, name: id, isNamed: true }
}

/** `/swarm/init` answers with the id of the first node. */
function swarmNode(service: string, answer: JsonValue | undefined): string | undefined {
  return service === "swarm" && typeof answer === "string" && objectId.test(answer) ? answer : undefined
}

function mayChange({ method }: CallStart): boolean {
  return !/^(?:GET|HEAD|OPTIONS|TRACE)$/i.test(method)
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(Boolean))
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
