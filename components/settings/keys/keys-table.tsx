import { Archive, Ban, CircleCheck, Clock3, type LucideIcon } from "lucide-react"
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
import { KeyActions, type KeyDeeds } from "./key-actions"

export interface KeysTableProps extends KeyDeeds {
  readonly appName: string
  /** True when the app is archived: none of its keys is valid. */
  readonly archived: boolean
  readonly keys: readonly ApiKeyRow[]
}

interface State {
  readonly tone: "success" | "unknown" | "failure"
  readonly label: string
  readonly icon: LucideIcon
}

const states: Readonly<Record<ApiKeyRow["state"] | "archived", State>> = {
  active: { tone: "success", label: "Active", icon: CircleCheck },
  archived: { tone: "unknown", label: "App archived", icon: Archive },
  expired: { tone: "unknown", label: "Expired", icon: Clock3 },
  revoked: { tone: "failure", label: "Revoked", icon: Ban },
}

const headings = ["Key", "Permissions", "Allowed IP addresses", "Created", "Expires", "Last used", "Status"]

/** The keys of an app: the permissions, networks, expiry and last use of each. */
export function KeysTable({ appName, archived, keys, ...deeds }: KeysTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>API keys of {appName}.</TableCaption>
        <TableHeader>
          <tr>
            {headings.map(heading => (
              <TableHead key={heading}>{heading}</TableHead>
            ))}
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {keys.map(key => (
            <TableRow key={key.id}>
              <KeyCell apiKey={key} old={keys.find(({ id }) => id === key.replacesId)} />
              <LimitCells apiKey={key} />
              <TimeCells apiKey={key} />
              <StatusCell apiKey={key} archived={archived} />
              <TableCell className="text-right">
                {key.state === "active" ? (
                  <KeyActions
                    {...deeds}
                    apiKey={key}
                    appName={appName}
                    archived={archived}
                    replaced={key.replacedBy !== null}
                  />
                ) : null}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

interface CellsProps {
  readonly apiKey: ApiKeyRow
}

function KeyCell({ apiKey, old }: CellsProps & { readonly old: ApiKeyRow | undefined }) {
  return (
    <TableCell className="sm:min-w-36">
      <span className="font-medium wrap-anywhere">{apiKey.name}</span>
      <span className="block font-data text-xs whitespace-nowrap text-muted-foreground">
        {maskedKey(apiKey)}
      </span>
      {old ? (
        <span className="block text-xs text-muted-foreground">
          In the place of <span className="font-data">…{old.lastFour}</span>
        </span>
      ) : null}
    </TableCell>
  )
}

const networksShown = 3

function LimitCells({ apiKey: { scopes, allowedNetworks } }: CellsProps) {
  const more = allowedNetworks.length - networksShown
  return (
    <>
      <TableCell data-label="Permissions">
        <ul className="flex flex-wrap gap-1">
          {scopes.map(scope => (
            <li key={scope} className="contents">
              <Badge className="font-data text-2xs!">{scope}</Badge>
            </li>
          ))}
        </ul>
      </TableCell>
      <TableCell data-label="Addresses">
        {allowedNetworks.length === 0 ? (
          <span className="text-muted-foreground">Any IP address</span>
        ) : (
          <ul className="grid font-data text-xs wrap-anywhere">
            {allowedNetworks.slice(0, networksShown).map(network => (
              <li key={network}>{network}</li>
            ))}
            {more > 0 ? <li className="font-sans text-muted-foreground">and {more} more</li> : null}
          </ul>
        )}
      </TableCell>
    </>
  )
}

function TimeCells({ apiKey }: CellsProps) {
  return (
    <>
      <TableCell data-label="Created">
        <span>
          <TimeOrWord at={apiKey.createdAt} word="" format="day" />
          {apiKey.createdBy ? (
            <span className="block text-xs text-muted-foreground">by {apiKey.createdBy.name}</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Expires">
        <TimeOrWord at={apiKey.expiresAt} word="Never" />
      </TableCell>
      <TableCell data-label="Last used">
        <span>
          <TimeOrWord at={apiKey.lastUsedAt} word="Never" />
          {apiKey.lastUsedIp ? (
            <span className="block font-data text-xs text-muted-foreground">from {apiKey.lastUsedIp}</span>
          ) : null}
        </span>
      </TableCell>
    </>
  )
}

interface StatusCellProps extends CellsProps {
  readonly archived: boolean
}

function StatusCell({ apiKey, archived }: StatusCellProps) {
  const state = apiKey.state === "active" && archived ? "archived" : apiKey.state
  const { tone, label, icon: Icon } = states[state]
  return (
    <TableCell data-label="Status">
      <span>
        <Badge tone={tone}>
          <Icon aria-hidden="true" />
          {label}
        </Badge>
        {apiKey.replacedBy && apiKey.state !== "revoked" ? (
          <span className="block pt-0.5 text-xs whitespace-nowrap text-muted-foreground">
            Replaced by <span className="font-data">…{apiKey.replacedBy.lastFour}</span>
          </span>
        ) : null}
        {apiKey.isIdle && state === "active" ? (
          <span className="block pt-0.5 text-xs whitespace-nowrap text-denied">Unused for 90 days</span>
        ) : null}
      </span>
    </TableCell>
  )
}
