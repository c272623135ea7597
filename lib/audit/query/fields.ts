/** Declared in full by the query module's own work; names are the parameter names of a query string. */
export const fieldNames = ["app", "operation", "status", "actor", "target", "ip", "request"] as const
export type FieldName = (typeof fieldNames)[number]
