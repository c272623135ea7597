"use client"

import { Button } from "@/components/ui/button"
import CreateOrganizationDialog, { type CreateOrganizationProps } from "./create-organization-dialog"

/** The button and the dialog that create another organization. */
export function CreateOrganization(props: CreateOrganizationProps) {
  return <CreateOrganizationDialog {...props} trigger={<Button>+ Create organization</Button>} />
}
