using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Server.Pages;

/// <summary>What a person sees before an error leads them to a client that registered itself.</summary>
/// <param name="Client">Who it calls itself.</param>
/// <param name="Host">Where the browser would go: a host, or a scheme of the operating system.</param>
/// <param name="Address">The whole address, or where the form is sent.</param>
/// <param name="Parameters">What the form sends; null where a link is enough.</param>
internal sealed record LeavingModel(Client Client, string Host, string Address, IReadOnlyList<KeyValuePair<string, string>>? Parameters);
