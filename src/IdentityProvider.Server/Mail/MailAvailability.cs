using IdentityProvider.Server.Composition.Settings;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Mail;

/// <summary>Whether mail is sent at all.</summary>
internal sealed class MailAvailability(IOptions<MailOptions> options, ServerSettings settings)
{
    public bool IsAvailable => settings.IsDevelopment || options.Value.Transport != MailTransport.None;
}
