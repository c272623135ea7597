/** The version of this package. The build replaces it by the one of package.json. */
declare const __SDK_VERSION__: string

export const sdkVersion = typeof __SDK_VERSION__ === "string" ? __SDK_VERSION__ : "0.0.0"
