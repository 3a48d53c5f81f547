using System.Text;
using System.Xml.Linq;
using IdentityProvider.Protocol.Keys;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Keeps the keys of ASP.NET data protection (antiforgery tokens, Identity's cookies) in the key ring: they are the same on every node
/// and after every restart.
/// </summary>
/// <remarks>The framework's interface is synchronous. It asks at start, then about once a day, so a thread that waits does no harm.</remarks>
internal sealed class DataProtectionKeys(DataProtectionDocuments documents) : IXmlRepository, IConfigureOptions<KeyManagementOptions>
{
    /// <summary>The repository encrypts the whole document under the master key, so data protection need not encrypt parts of it once more.</summary>
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = new NullXmlEncryptor();
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
    [
        .. documents.GetAllAsync(CancellationToken.None).GetAwaiter().GetResult().Select(document => XElement.Parse(Encoding.UTF8.GetString(document.Span))),
    ];

    public void StoreElement(XElement element, string friendlyName)
    {
        var document = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        documents.AddAsync(friendlyName, document, CancellationToken.None).GetAwaiter().GetResult();
    }
}
