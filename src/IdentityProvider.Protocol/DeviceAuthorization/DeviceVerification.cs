using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// The person's side of RFC 8628 §3.3: enters the code, sees who asks for what and from where, and decides. Asked every time, whatever was
/// allowed before: who was sent a code by a stranger must have a chance to notice (§5.4).
/// </summary>
public sealed class DeviceVerification(
    IDeviceAuthorizationStore devices, DeviceAuthorizationCodes codes, CodeEntryLimits limits, ICatalogStore catalog, DeviceSignIn signIn)
{
    /// <summary>
    /// Looks a code up for a person who is signed in. Unknown, mistyped, expired and decided codes, and those of a client that is gone, are
    /// told alike.
    /// </summary>
    public async Task<DeviceLookup> FindAsync(string? typed, Session session, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);

        // What can be no code is no guess, and is not counted.
        if (UserCode.TryParse(typed) is not { } code)
        {
            return new DeviceLookup.Unknown();
        }

        using var entry = await limits.TryBeginAsync(session.Subject, remoteAddress, cancellationToken);
        if (entry.Refusal is not null)
        {
            return new DeviceLookup.TooMany(entry.Refusal.Name, entry.RetryAfter);
        }

        if (await FindAsync(code, cancellationToken) is not { } found)
        {
            return new DeviceLookup.Unknown();
        }

        await entry.TakeBackAsync(cancellationToken);
        return signIn.IsEnough(session, found.Device, found.Client) ? found : new DeviceLookup.SignInAgain(AcrDemand.OfClient(found.Client));
    }

    /// <summary>False when it was decided in the meantime, or has expired.</summary>
    public Task<bool> TryApproveAsync(
        DeviceLookup.Found found, Session session, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(session);
        var approval = new DeviceDecision.Approved
        {
            Subject = session.Subject,
            SessionId = session.Id,
            Scope = found.Scope,
            AuthTime = session.AuthTime,
            Acr = session.Acr,
            Amr = session.Amr,
        };
        var entry = EntryOf(AuditEventTypes.DeviceApproved, found, session, remoteAddress);
        return devices.TryApproveAsync(found.Device.Id, found.Client.ClientId, approval, entry, cancellationToken);
    }

    /// <summary>False when it was decided in the meantime, or has expired.</summary>
    public Task<bool> TryDenyAsync(
        DeviceLookup.Found found, Session session, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(session);
        return devices.TryDenyAsync(found.Device.Id, EntryOf(AuditEventTypes.DeviceDenied, found, session, remoteAddress), cancellationToken);
    }

    private async Task<DeviceLookup.Found?> FindAsync(UserCode code, CancellationToken cancellationToken)
    {
        foreach (var hash in codes.HashesOf(code))
        {
            if (await devices.FindByUserCodeAsync(hash, cancellationToken) is { } device)
            {
                return Read(device, code);
            }
        }

        return null;
    }

    /// <summary>What was allowed when the device asked is checked again now that the person is asked.</summary>
    private DeviceLookup.Found? Read(WaitingDevice device, UserCode code)
    {
        if (!device.IsPending(signIn.Now)
            || catalog.Current.FindClient(device.ClientId) is not { } client
            || !client.Allows(GrantTypeNames.DeviceCode))
        {
            return null;
        }

        var scope = device.Scope.Where(token => client.Scope.Contains(token) && catalog.Current.FindScope(token) is not null);
        return scope.Count == 0 ? null : new DeviceLookup.Found(device, client, scope, code);
    }

    private AuditEvent EntryOf(string type, DeviceLookup.Found found, Session session, string? remoteAddress)
    {
        var detail = $"{found.Scope}; asked from {found.Device.RemoteAddress ?? "unknown"}";
        return new AuditEvent
        {
            Type = type,
            At = signIn.Now,
            Subject = session.Subject,
            ClientId = found.Client.ClientId,
            GrantId = found.Device.Id,
            SessionId = session.Id,
            RemoteAddress = remoteAddress,
            Detail = detail.Length > 1000 ? detail[..1000] : detail,
        };
    }
}

/// <summary>How recent the sign-in of a person is who connects a device.</summary>
public sealed class DeviceSignIn(TimeProvider clock, IOptions<ProtocolOptions> options)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Asked before any code is looked up.</summary>
    public bool IsFreshEnough(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Now - session.AuthTime <= options.Value.DeviceAuthorization.MaxSignInAge;
    }

    /// <summary>
    /// With what the client asks of a sign-in: its <c>default_max_age</c>, where who signed in since the device asked is as fresh as can be (OIDC
    /// Core §3.1.2.1), its least level and its methods.
    /// </summary>
    public bool IsEnough(Session session, WaitingDevice device, Client client)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(client);
        var isFresh = session.AuthTime >= device.CreatedAt || client.DefaultMaxAge is not { } maxAge || Now - session.AuthTime <= maxAge;
        return isFresh
            && AcrValues.LevelOf(session.Acr) >= AcrDemand.OfClient(client)
            && (client.SignInMethods is not { } methods || session.Methods.Any(method => methods.Contains(method, StringComparer.Ordinal)));
    }
}

/// <summary>What came of entering a code.</summary>
public abstract record DeviceLookup
{
    private DeviceLookup()
    {
    }

    /// <param name="Device">Pending.</param>
    /// <param name="Client">Who asks.</param>
    /// <param name="Scope">What may be allowed: what was asked for, without what client or catalogue have lost since.</param>
    /// <param name="Code">As entered.</param>
    public sealed record Found(WaitingDevice Device, Client Client, ScopeSet Scope, UserCode Code) : DeviceLookup;

    public sealed record Unknown : DeviceLookup;

    /// <param name="Limit">Name of the limit that is reached.</param>
    /// <param name="RetryAfter">When to come back.</param>
    public sealed record TooMany(string Limit, TimeSpan RetryAfter) : DeviceLookup;

    /// <summary>The client asks for a sign-in more recent than this session's, or a better one.</summary>
    /// <param name="Level">The least level; 0 for any.</param>
    public sealed record SignInAgain(int Level) : DeviceLookup;
}
