using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>What a person sees before they decide about a device: RFC 8628 §5.4.</summary>
/// <param name="Code">To be compared with the device's.</param>
/// <param name="Tile">Who asks.</param>
/// <param name="Scopes">What for, in words.</param>
/// <param name="Origin">When and from where it was asked, in words.</param>
/// <param name="Sid">The session that is asked: a decision counts for no other.</param>
internal sealed record DeviceQuestion(string Code, ClientTile Tile, IReadOnlyList<ScopeText> Scopes, string Origin, string Sid);

/// <summary>Puts a waiting device into words.</summary>
internal sealed class DeviceQuestions(ConsentDesk desk, People people, TimeTexts times, IStringLocalizer<PageTexts> texts)
{
    public DeviceQuestion Of(DeviceLookup.Found found, Session session, string? remoteAddress) =>
        new(found.Code.Display, ClientTile.Of(found.Client, desk.Issuer), desk.TextsOf(found.Scope), OriginOf(found.Device, remoteAddress), session.Sid);

    public async Task<string> UserNameOf(Session session, CancellationToken cancellationToken) =>
        (await people.GetAsync(session.Subject, cancellationToken)).UserName;

    /// <summary>An address says little to most people; whether it is their own network says much.</summary>
    private string OriginOf(WaitingDevice device, string? remoteAddress)
    {
        var when = times.Ago(device.CreatedAt);
        if (device.RemoteAddress is not { } address)
        {
            return texts["Device.Asked", when];
        }

        var isSame = string.Equals(ClientAddress.CountedAs(address), ClientAddress.CountedAs(remoteAddress), StringComparison.Ordinal);
        return texts[isSame ? "Device.AskedHere" : "Device.AskedElsewhere", when, address];
    }
}
