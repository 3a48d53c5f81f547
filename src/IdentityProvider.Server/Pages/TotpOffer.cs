using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using QRCoder;

namespace IdentityProvider.Server.Pages;

/// <summary>A secret for an authenticator app, as a person gets it: a picture, a key to type, and the sealed form that comes back.</summary>
/// <param name="Sealed">Travels in the form.</param>
/// <param name="Key">Base32 in groups of four.</param>
/// <param name="Picture">The QR code.</param>
internal sealed record TotpOffer(string Sealed, string Key, QrPicture Picture)
{
    /// <param name="account">Whose.</param>
    /// <param name="offer">As sealed.</param>
    /// <param name="secret">What it holds.</param>
    /// <param name="serviceName">What the app calls us.</param>
    public static TotpOffer Of(Account account, string offer, ReadOnlySpan<byte> secret, string serviceName)
    {
        var key = Base32.Encode(secret);
        var label = Uri.EscapeDataString($"{serviceName}:{account.UserName}");

        // The "Key Uri Format" that apps read; left out are the defaults, which some apps refuse to see spelled out.
        var address = $"otpauth://totp/{label}?secret={key}&issuer={Uri.EscapeDataString(serviceName)}";
        return new TotpOffer(offer, string.Join(' ', key.Chunk(4).Select(group => new string(group))), QrPicture.Of(address));
    }
}

/// <summary>A QR code as one path of a vector picture: it needs no picture file, no style and no script.</summary>
/// <param name="Size">Modules on a side, the quiet zone of four included.</param>
/// <param name="Path">SVG path data of the dark modules.</param>
internal sealed record QrPicture(int Size, string Path)
{
    public static QrPicture Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < code.ModuleMatrix.Count; y++)
        {
            for (var x = 0; x < code.ModuleMatrix[y].Count; x++)
            {
                if (code.ModuleMatrix[y][x])
                {
                    path.Append('M').Append(x).Append(' ').Append(y).Append("h1v1h-1z");
                }
            }
        }

        return new QrPicture(code.ModuleMatrix.Count, path.ToString());
    }
}
