namespace IdentityProvider.Admin.Declared;

/// <summary>A client secret that was hashed before it was written down.</summary>
public sealed class DeclaredSecret
{
    /// <summary>SHA-256 of the secret's UTF-8 bytes, 64 hexadecimal digits.</summary>
    public string Sha256 { get; set; } = string.Empty;

    /// <summary>From then on it is refused; default never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
