import { handleAuth } from "@/lib/http/sign-in/auth"

export const dynamic = "force-dynamic"

export const GET = handleAuth
export const POST = handleAuth
