/** Passkeys in the browser: bytes travel as base64url, and come back as the server's library expects them. */
import type { PasskeyRequest } from '@anju/shared/api/identity'

export interface PasskeyCreation {
  challenge: string
  rp: { id?: string; name: string }
  user: { id: string; name: string; displayName: string }
  pubKeyCredParams: { type: 'public-key'; alg: number }[]
  timeout?: number
  excludeCredentials?: { id: string; type: 'public-key' }[]
  authenticatorSelection?: AuthenticatorSelectionCriteria
  attestation?: AttestationConveyancePreference
}

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
}

export function toText(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

export const passkeysWork = () => typeof PublicKeyCredential !== 'undefined' && window.isSecureContext

const keys = (listed: { id: string; type: 'public-key' }[] = []) =>
  listed.map((one) => ({ type: one.type, id: toBytes(one.id) }))

/** Makes a key for this account; null when the person turned away. */
export async function makePasskey(options: PasskeyCreation): Promise<Record<string, unknown> | null> {
  const made = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: keys(options.excludeCredentials),
    },
  })) as PublicKeyCredential | null
  if (!made) return null
  const response = made.response as AuthenticatorAttestationResponse
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
    },
  }
}

/** Has one of the account's keys sign what the server asked for. */
export async function signWithPasskey(options: PasskeyRequest): Promise<Record<string, unknown> | null> {
  const signed = (await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(options.challenge),
      rpId: options.rpId,
      timeout: options.timeout,
      userVerification: options.userVerification,
      allowCredentials: keys(options.allowCredentials),
    },
  })) as PublicKeyCredential | null
  if (!signed) return null
  const response = signed.response as AuthenticatorAssertionResponse
  return {
    id: signed.id,
    rawId: toText(signed.rawId),
    type: signed.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  }
}
