import { Ban, CircleCheck, Clock3, type LucideIcon } from "lucide-react"
import type { Submit } from "@/components/form/use-submit"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import { type ApiKeyRow, maskedKey } from "./api-key"
import { RevokeKey } from "./revoke-key"

export interface KeysTableProps {
  readonly appName: string
  readonly keys: readonly ApiKeyRow[]
  readonly revokeKey: Submit
}

const states: Readonly<
  Record<
    ApiKeyRow["state"],
    { readonly tone: "success" | "unknown" | "failure"; readonly label: string; readonly icon: LucideIcon }
  >
> = {
  active: { tone: "success", label: "Active", icon: CircleCheck },
  expired: { tone: "unknown", label: "Expired", icon: Clock3 },
  revoked: { tone: "failure", label: "Revoked", icon: Ban },
}

/** The keys of an app: what each may do, until when, and when it was last used. */
export function KeysTable({ appName, keys, revokeKey }: KeysTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>API keys of {appName}. Times are in UTC.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead>Key</TableHead>
            <TableHead>Scopes</TableHead>
            <TableHead>Created (UTC)</TableHead>
            <TableHead>Expires (UTC)</TableHead>
            <TableHead>Last used (UTC)</TableHead>
            <TableHead>Status</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {keys.map(key => (
            <KeyRow key={key.id} apiKey={key} appName={appName} revokeKey={revokeKey} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

interface KeyRowProps extends Omit<KeysTableProps, "keys"> {
  readonly apiKey: ApiKeyRow
}

function KeyRow({ apiKey, appName, revokeKey }: KeyRowProps) {
  const { tone, label, icon: Icon } = states[apiKey.state]
  return (
    <TableRow>
      <TableCell className="sm:min-w-36 font-medium wrap-anywhere">{apiKey.name}</TableCell>
      <TableCell data-label="Key" className="font-data whitespace-nowrap text-muted-foreground">
        {maskedKey(apiKey)}
      </TableCell>
      <TableCell data-label="Scopes">
        <ul className="flex flex-wrap gap-1">
          {apiKey.scopes.map(scope => (
            <li key={scope} className="contents">
              <Badge className="font-data text-2xs!">{scope}</Badge>
            </li>
          ))}
        </ul>
      </TableCell>
      <TableCell data-label="Created (UTC)">
        <span>
          <TimeOrWord at={apiKey.createdAt} word="" format="day" />
          {apiKey.createdBy ? (
            <span className="block text-xs text-muted-foreground">by {apiKey.createdBy.name}</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Expires (UTC)">
        <TimeOrWord at={apiKey.expiresAt} word="Never" />
      </TableCell>
      <TableCell data-label="Last used (UTC)">
        <span>
          <TimeOrWord at={apiKey.lastUsedAt} word="Never" />
          {apiKey.lastUsedIp ? (
            <span className="block font-data text-xs text-muted-foreground">from {apiKey.lastUsedIp}</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Status">
        <span>
          <Badge tone={tone}>
            <Icon aria-hidden="true" />
            {label}
          </Badge>
          {apiKey.isIdle ? (
            <span className="block pt-0.5 text-xs whitespace-nowrap text-denied">Unused for 90 days</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell className="text-right">
        {apiKey.state === "active" ? (
          <RevokeKey apiKey={apiKey} appName={appName} revokeKey={revokeKey} />
        ) : null}
      </TableCell>
    </TableRow>
  )
}
