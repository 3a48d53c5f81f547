using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Browsers in which a person has signed in before. The row is the truth; the cookie, one for each account, holds the row's id and a secret of
/// which the row keeps only the hash. It proves nobody's identity: limits may spare such a browser, and where its person asked for it, it stands
/// for the second factor for a time.
/// </summary>
internal sealed class KnownDevices(
    IDeviceStore devices, ChangeRecords records, DeviceNames names, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const string Prefix = "idp-device-";
    private const int SecretBytes = 32;
    private const int HandleBytes = 16 + SecretBytes;

    /// <summary>More accounts in one browser push out the oldest.</summary>
    private const int Most = 10;

    /// <summary>What browsers keep a cookie for.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    /// <summary>Whether the account has signed in completely in this browser before. No read at all where the browser has no such cookie.</summary>
    public async Task<bool> IsKnownAsync(HttpContext context, Account account, CancellationToken cancellationToken) =>
        await FindAsync(context, account, cancellationToken) is not null;

    /// <summary>The browser as this account knows it, or null. At most one read for each request and account.</summary>
    public async Task<Device?> FindAsync(HttpContext context, Account account, CancellationToken cancellationToken)
    {
        if (context.Features.Get<FoundDevice>() is { } found && string.Equals(found.AccountId, account.Id, StringComparison.Ordinal))
        {
            return found.Device;
        }

        var device = await ReadAsync(context, account, cancellationToken);
        context.Features.Set(new FoundDevice(account.Id, device));
        return device;
    }

    /// <summary>Whether this browser stands for the account's second factor at present.</summary>
    public async Task<bool> IsTrustedAsync(HttpContext context, Account account, CancellationToken cancellationToken) =>
        options.Value.SignIn.RememberSecondFactor > TimeSpan.Zero
        && await FindAsync(context, account, cancellationToken) is { } device
        && device.IsTrusted(account, clock.GetUtcNow());

    /// <summary>Somebody has signed in completely: from now on the browser is known. One write. Of a further browser the person is told.</summary>
    /// <param name="context">The request.</param>
    /// <param name="account">Who.</param>
    /// <param name="trust">A second factor was proved just now, and its person asked not to be asked again for a time.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>False when the account has been deleted meanwhile; then the browser gets no cookie.</returns>
    public async Task<bool> TryRememberAsync(HttpContext context, Account account, bool trust, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, account, cancellationToken) is { } known)
        {
            var changed = Seen(known, context, account, trust);
            if (await devices.TryChangeAsync(changed, cancellationToken))
            {
                context.Features.Set(new FoundDevice(account.Id, changed));
                return true;
            }
        }

        var now = clock.GetUtcNow();
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var blank = new Device
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            SecretHash = SHA256.HashData(secret),
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now,
        };
        var device = Seen(blank, context, account, trust);
        var record = records.Tell(
            AuditEventTypes.DeviceAdded, AccountMailKind.NewDevice, account, device.RemoteAddress, subject: names.Of(device.UserAgent));
        if (!await devices.TryAddAsync(device, record, cancellationToken))
        {
            return false;
        }

        var handle = new byte[HandleBytes];
        device.Id.TryWriteBytes(handle, bigEndian: true, out _);
        secret.CopyTo(handle.AsSpan(16));
        HostCookie.DropOldest(context, IsSecure(context), Prefix, Most);
        CookieOf(account).Write(context, IsSecure(context), Base64Url.EncodeToString(handle), Lifetime);
        context.Features.Set(new FoundDevice(account.Id, device));
        return true;
    }

    private Device Seen(Device device, HttpContext context, Account account, bool trust)
    {
        var now = clock.GetUtcNow();
        var trusts = trust && options.Value.SignIn.RememberSecondFactor > TimeSpan.Zero;
        return device with
        {
            LastSeenAt = now,
            ExpiresAt = now + Lifetime,
            UserAgent = context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, 256)] : null,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            TrustedUntil = trusts ? now + options.Value.SignIn.RememberSecondFactor : device.TrustedUntil,
            TrustedStamp = trusts ? account.SecurityStamp : device.TrustedStamp,
        };
    }

    private async Task<Device?> ReadAsync(HttpContext context, Account account, CancellationToken cancellationToken)
    {
        if (CookieOf(account).Read(context, IsSecure(context)) is not { } value
            || !Base64Url.IsValid(value, out var length)
            || length != HandleBytes)
        {
            return null;
        }

        var handle = Base64Url.DecodeFromChars(value);
        var device = await devices.FindAsync(new Guid(handle.AsSpan(0, 16), bigEndian: true), cancellationToken);
        return device is not null
            && string.Equals(device.AccountId, account.Id, StringComparison.Ordinal)
            && clock.GetUtcNow() < device.ExpiresAt
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(handle.AsSpan(16)), device.SecretHash.Span)
            ? device
            : null;
    }

    /// <summary>The name tells nobody whose it is.</summary>
    private static HostCookie CookieOf(Account account) =>
        new(Prefix + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("device " + account.Id)))[..16]);

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);

    private sealed record FoundDevice(string AccountId, Device? Device);
}
