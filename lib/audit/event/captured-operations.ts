import type { Act, Verb } from "./acts"

/** Name, family, description and act, as in the rest of the catalogue. */
export type CapturedOperation = readonly [name: string, family: string, description: string, act: Act]

/** Verbs of operations, as names of them end, with the verb of the sentence and the past of the description. */
const words: Readonly<Record<string, readonly [verb: Verb, past: string]>> = {
  archive: ["archive", "archived"],
  build: ["build", "built"],
  clone: ["clone", "cloned"],
  commit: ["commit", "committed"],
  connect: ["connect", "connected"],
  create: ["create", "created"],
  delete: ["delete", "deleted"],
  dequeue: ["dequeue", "dequeued"],
  disable: ["disable", "disabled"],
  disconnect: ["disconnect", "disconnected"],
  edit: ["edit", "edited"],
  enable: ["enable", "enabled"],
  enqueue: ["enqueue", "enqueued"],
  export: ["export", "exported"],
  get: ["inspect", "inspected"],
  import: ["import", "imported"],
  inspect: ["inspect", "inspected"],
  kill: ["kill", "killed"],
  list: ["list", "listed"],
  load: ["load", "loaded"],
  patch: ["patch", "patched"],
  pause: ["pause", "paused"],
  publish: ["publish", "published"],
  pull: ["pull", "pulled"],
  push: ["push", "pushed"],
  rename: ["rename", "renamed"],
  reset: ["reset", "reset"],
  restart: ["restart", "restarted"],
  start: ["start", "started"],
  stop: ["stop", "stopped"],
  tag: ["tag", "tagged"],
  unarchive: ["restore", "restored"],
  unpause: ["resume", "resumed"],
  update: ["update", "updated"],
  upgrade: ["upgrade", "upgraded"],
  watch: ["watch", "watched"],
}

/** Resources of Kubernetes: what its paths call them, and what people call one and several. */
const kubernetes: readonly (readonly [resource: string, noun: string, plural: string])[] = [
  ["pods", "pod", "Pods"],
  ["deployments", "deployment", "Deployments"],
  ["replicasets", "replica set", "Replica sets"],
  ["statefulsets", "stateful set", "Stateful sets"],
  ["daemonsets", "daemon set", "Daemon sets"],
  ["jobs", "job", "Jobs"],
  ["cronjobs", "cron job", "Cron jobs"],
  ["ingresses", "ingress", "Ingresses"],
  ["networkpolicies", "network policy", "Network policies"],
  ["configmaps", "config map", "Config maps"],
  ["persistentvolumes", "persistent volume", "Persistent volumes"],
  ["persistentvolumeclaims", "persistent volume claim", "Persistent volume claims"],
  ["serviceaccounts", "service account", "Service accounts"],
  ["namespaces", "namespace", "Namespaces"],
  ["roles", "role", "Roles"],
  ["rolebindings", "role binding", "Role bindings"],
  ["clusterroles", "cluster role", "Cluster roles"],
  ["clusterrolebindings", "cluster role binding", "Cluster role bindings"],
  ["customresourcedefinitions", "custom resource definition", "Custom resource definitions"],
  ["certificatesigningrequests", "certificate signing request", "Certificate signing requests"],
]
const kubernetesVerbs = "create update patch delete get list watch"

/** The same of Docker and Swarm, whose services, secrets and nodes Kubernetes has as well, and of ClearML. */
const others: readonly (readonly [resource: string, noun: string, plural: string, verbs: string])[] = [
  [
    ...["containers", "container", "Containers"],
    "create start stop restart kill pause unpause rename update delete list inspect export",
  ] as const,
  ["images", "image", "Images", "pull push tag build import load export commit delete list inspect"],
  ["networks", "network", "Networks", "create connect disconnect delete list inspect"],
  ["volumes", "volume", "Volumes", "create update delete list inspect"],
  ["plugins", "plugin", "Plugins", "pull push create enable disable upgrade delete list inspect"],
  ["services", "service", "Services", `${kubernetesVerbs} inspect`],
  ["secrets", "secret", "Secrets", `${kubernetesVerbs} inspect`],
  ["nodes", "node", "Nodes", `${kubernetesVerbs} inspect`],
  ["configs", "configuration", "Configurations", "create update delete list inspect"],
  ["exec", "command session", "Command sessions", "create start inspect"],
  [
    "tasks",
    "task",
    "Tasks",
    "create edit update clone delete enqueue dequeue stop reset publish archive unarchive list inspect",
  ],
  ["projects", "project", "Projects", "create update delete"],
  ["models", "model", "Models", "create edit update delete publish archive unarchive"],
  ["queues", "queue", "Queues", "create update delete"],
  ["reports", "report", "Reports", "create update delete publish archive unarchive"],
]

/** Operations that are no verb and one thing. */
// biome-ignore format: one operation a line
const single: readonly CapturedOperation[] = [
  ["http.call", "http", "HTTP endpoint called", "call an HTTP endpoint"],
  ["pods.exec.create", "pods", "Command run in a pod", "start a command in pod"],
  ["pods.exec.get", "pods", "Command run in a pod", "start a command in pod"],
  ["pods.attach.create", "pods", "Attached to a pod", "attach to pod"],
  ["pods.portforward.create", "pods", "Port of a pod forwarded", "forward a port of pod"],
  ["pods.eviction.create", "pods", "Pods evicted", "evict pod"],
  ["pods.log.get", "pods", "Log of a pod read", "read the log of pod"],
  ["serviceaccounts.token.create", "serviceaccounts", "Tokens of service accounts created", "create a token of service account"],
  ["containers.attach", "containers", "Attached to a container", "attach to container"],
  ["containers.logs", "containers", "Log of a container read", "read the log of container"],
  ["swarm.init", "swarm", "Swarm initialized", "initialize a swarm"],
  ["swarm.join", "swarm", "Swarm joined", "join a swarm"],
  ["swarm.leave", "swarm", "Swarm left", "leave the swarm"],
  ["swarm.update", "swarm", "Swarm updated", "update the swarm"],
  ["swarm.unlock", "swarm", "Swarm unlocked", "unlock the swarm"],
  ["registry.login", "registry", "Registry login", "log in to a registry"],
  ["auth.login", "auth", "Login", "log in"],
  ["auth.create_credentials", "auth", "Credentials created", "create credentials"],
  ["auth.revoke_credentials", "auth", "Credentials revoked", "revoke credentials"],
  ["users.set_preferences", "users", "User preferences changed", "change the preferences"],
  ["tasks.get_all", "tasks", "Tasks listed", "list the tasks"],
  ["tasks.get_by_id", "tasks", "Tasks inspected", "inspect task"],
  ["projects.get_all", "projects", "Projects listed", "list the projects"],
  ["models.get_all", "models", "Models listed", "list the models"],
  ["workers.status_report", "workers", "Status of a worker reported", "report the status of a worker"],
]

/** Operations that capture derives often, from the paths of Kubernetes, Docker and ClearML. */
export const capturedOperations: readonly CapturedOperation[] = [
  ...kubernetes.flatMap(([resource, noun, plural]) => operationsOf(resource, noun, plural, kubernetesVerbs)),
  ...others.flatMap(([resource, noun, plural, verbs]) => operationsOf(resource, noun, plural, verbs)),
  ...single,
]

function operationsOf(
  resource: string,
  noun: string,
  plural: string,
  verbs: string,
): readonly CapturedOperation[] {
  return verbs.split(" ").flatMap((name): readonly CapturedOperation[] => {
    const known = words[name]
    return known === undefined
      ? []
      : [[`${resource}.${name}`, resource, `${plural} ${known[1]}`, `${known[0]} ${noun}`]]
  })
}
