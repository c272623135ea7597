import { newId } from "@/lib/audit/ids"
import type { PrismaTransaction } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import { platform } from "@/lib/platform"
import type { MailMessage, MailPurpose } from "./message"
import { subjectLine } from "./messages/names"
import { sealContent } from "./sealed-content"

/** A mail to one recipient. */
export interface NewMail {
  readonly purpose: MailPurpose
  readonly recipient: string
  readonly message: MailMessage
  /** The time of the operation; the mail is due at once. */
  readonly at: Date
}

// One email and nothing around it: no second recipient, no name, no line break.
const plainAddress = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,255}$/u

const mostContentCharacters = 200_000

/** Queues a mail, which is sent after this transaction has committed, and not at all when it does not. Returns its id. */
export async function enqueueMail(
  prisma: PrismaTransaction,
  { purpose, recipient, message, at }: NewMail,
): Promise<{ readonly mailId: string }> {
  if (!plainAddress.test(recipient)) throw new AppError("internal", "A mail needs one plain address.")
  if (message.text.length + message.html.length > mostContentCharacters)
    throw new AppError("internal", "The mail is too long.")
  const id = newId(at.getTime())
  const envelope = { id, purpose, recipient, subject: subjectLine(message.subject) }
  await prisma.mailMessage.create({
    data: {
      ...envelope,
      sealedContent: sealContent(platform().env.secret, envelope, message),
      createdAt: at,
      nextAttemptAt: at,
    },
  })
  return { mailId: id }
}
