namespace IdentityProvider.Protocol.Audit;

/// <summary>One security event, kept append-only. Holds no secret, token or code.</summary>
public sealed record AuditEvent
{
    /// <summary>A word of <see cref="AuditEventTypes"/>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Subject { get; init; }

    public string? ClientId { get; init; }

    public Guid? GrantId { get; init; }

    public Guid? SessionId { get; init; }

    public string? RemoteAddress { get; init; }

    /// <summary>One line for the operator; at most 1,000 characters.</summary>
    public string? Detail { get; init; }
}

/// <summary>What is written to the audit trail.</summary>
public static class AuditEventTypes
{
    public const string CodeReplayed = "code.replayed";
    public const string CodeMisused = "code.misused";
    public const string RefreshTokenReplayed = "refresh_token.replayed";
    public const string RefreshTokenMisused = "refresh_token.misused";
    public const string DeviceApproved = "device.approved";
    public const string DeviceDenied = "device.denied";
    public const string DeviceCodeMisused = "device_code.misused";
    public const string TokenRevoked = "token.revoked";
    public const string RevocationRefused = "revocation.refused";
    public const string ConsentGiven = "consent.given";
    public const string ConsentWithdrawn = "consent.withdrawn";
    public const string SignedIn = "session.signed_in";
    public const string SignInFailed = "session.sign_in_failed";
    public const string SignedOut = "session.signed_out";
    public const string AccountCreated = "account.created";
    public const string ProfileChanged = "account.profile_changed";
    public const string AccountExported = "account.exported";
    public const string AccountDisabled = "account.disabled";
    public const string AccountDeleted = "account.deleted";
    public const string PasswordChanged = "account.password_changed";
    public const string SecondFactorAdded = "account.second_factor_added";
    public const string SecondFactorRemoved = "account.second_factor_removed";
    public const string SecondFactorFailed = "account.second_factor_failed";
    public const string RecoveryCodesMade = "account.recovery_codes_made";
    public const string RecoveryCodeUsed = "account.recovery_code_used";
    public const string DeviceAdded = "account.device_added";
    public const string DeviceForgotten = "account.device_forgotten";
    public const string PasswordReset = "account.password_reset";
    public const string EmailConfirmed = "account.email_confirmed";
    public const string EmailChanged = "account.email_changed";
    public const string PauseEnded = "account.pause_ended";
    public const string PasskeyAdded = "passkey.added";
    public const string PasskeyRemoved = "passkey.removed";
    public const string PasskeySuspected = "passkey.suspected";
    public const string ClientRegistered = "client.registered";
    public const string ClientUpdated = "client.updated";
    public const string ClientDeleted = "client.deleted";
    public const string ProviderLinked = "account.provider_linked";
    public const string ProviderUnlinked = "account.provider_unlinked";
    public const string KeyRotated = "key.rotated";
    public const string KeyCompromised = "key.compromised";
}
