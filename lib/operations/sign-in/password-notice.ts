import type { PrismaTransaction } from "@/lib/database/database"
import { passwordChangedMail } from "@/lib/mail/messages/sign-in"
import { enqueueMail } from "@/lib/mail/queue"
import type { Account } from "./credentials"

/** Tells the person by mail that their password was changed, so that they notice a change by somebody else. */
export async function sendPasswordNotice(
  prisma: PrismaTransaction,
  { name, email }: Account,
  at: Date,
): Promise<void> {
  const message = passwordChangedMail({ name, at })
  await enqueueMail(prisma, { purpose: "password-changed", recipient: email, message, at })
}
