using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>
/// <c>grant_type=urn:ietf:params:oauth:grant-type:device_code</c>: RFC 8628 §3.4 and §3.5. A poll is one read; nothing is written until the
/// person has approved, unless the device polls too fast.
/// </summary>
public sealed class DeviceCodeGrantType(
    DeviceAuthorizationCodes codes,
    IDeviceAuthorizationStore devices,
    DevicePace pace,
    DeviceGrantOpener opener,
    IAuditTrail audit,
    TimeProvider clock) : IGrantType
{
    public string Name => GrantTypeNames.DeviceCode;

    public async Task<Result<TokenResponse>> HandleAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DeviceCode is null)
        {
            return OAuthError.InvalidRequest("device_code is missing.");
        }

        if (codes.OpenDeviceCode(request.DeviceCode) is not { } id)
        {
            return OAuthError.InvalidGrant("not a device code of ours, or under a removed key");
        }

        // A genuine code without a row is one that expired so long ago that it was cleaned up.
        if (await devices.FindAsync(id, cancellationToken) is not { } device)
        {
            return Expired();
        }

        // Shown by another client, the owner's code stays good: otherwise who saw it could end it.
        if (!string.Equals(device.ClientId, request.Client.ClientId, StringComparison.Ordinal))
        {
            var detail = $"a device code of client {device.ClientId} was presented by client {request.Client.ClientId}";
            await AuditAsync(device, request, detail, cancellationToken);
            return OAuthError.InvalidGrant(detail);
        }

        return device.Decision switch
        {
            DeviceDecision.Denied => DeviceGrantOpener.Denied("the person refused"),
            _ when clock.GetUtcNow() >= device.ExpiresAt => Expired(),
            DeviceDecision.Approved approval => await opener.OpenAsync(device, approval, request, cancellationToken),
            _ => await pace.AnswerPendingAsync(device, cancellationToken),
        };
    }

    private static OAuthError Expired() => new(ErrorCodes.ExpiredToken, "The device code has expired.", "expired");

    private Task AuditAsync(WaitingDevice device, TokenRequest request, string detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEvent
            {
                Type = AuditEventTypes.DeviceCodeMisused,
                At = clock.GetUtcNow(),
                ClientId = request.Client.ClientId,
                GrantId = device.Id,
                Detail = detail,
            },
            cancellationToken);
}
