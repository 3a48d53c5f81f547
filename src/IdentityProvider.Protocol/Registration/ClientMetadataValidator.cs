using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// A metadata document of a stranger → the client it may become: the same way for a new client and for an update (RFC 7591 §3.1, RFC 7592
/// §2.2). Cheap rules come first, and only what passes them all makes us ask another server.
/// </summary>
public sealed class ClientMetadataValidator(SoftwareStatements statements, RegistrationPolicy policy, SectorDocuments sectors)
{
    /// <summary>The members of a document, each once; <c>invalid_client_metadata</c> when it is no such document.</summary>
    internal static Result<IReadOnlyDictionary<string, JsonElement>> Parse(ReadOnlyMemory<byte> body) =>
        StrictJson.TryParseObject(body.Span, out var document, out var reason)
            ? Result.Of<IReadOnlyDictionary<string, JsonElement>>(
                document.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal))
            : new OAuthError(ErrorCodes.InvalidClientMetadata, "The request body is not a JSON object of client metadata.", reason);

    /// <summary>
    /// The client without id, or <c>invalid_redirect_uri</c>, <c>invalid_client_metadata</c>, <c>invalid_software_statement</c>,
    /// <c>unapproved_software_statement</c>.
    /// </summary>
    /// <param name="document">Of <see cref="Parse"/>.</param>
    /// <param name="complete">Fills in id and secrets.</param>
    /// <param name="cancellationToken">Cancels the wait for another server.</param>
    internal async Task<Result<Client>> ValidateAsync(
        IReadOnlyDictionary<string, JsonElement> document, Func<Client, Client> complete, CancellationToken cancellationToken)
    {
        var attested = statements.Apply(document);
        if (!attested.Succeeded)
        {
            return attested.Error;
        }

        var asked = RequestedMetadata.Read(attested.Value);
        if (asked.Problems.Count > 0)
        {
            return Refuse(asked.Problems);
        }

        var client = complete(policy.Cut(asked.Client, asked.AsksForScope));
        // One after the other: what the policy took away would only contradict the rest.
        IReadOnlyList<ClientProblem> problems = [.. policy.Validate(asked.Client, client)];
        if (problems.Count > 0 || (problems = ClientRules.Validate(client)).Count > 0)
        {
            return Refuse(problems);
        }

        return await sectors.FindProblemAsync(client, cancellationToken) is { } problem ? Refuse([problem]) : client;
    }

    /// <summary>RFC 7591 §3.2.2. The client's maker is told which members; the values that are wrong stand in our log only.</summary>
    private static OAuthError Refuse(IReadOnlyList<ClientProblem> problems)
    {
        var members = string.Join(", ", problems.Select(problem => problem.Member).Distinct(StringComparer.Ordinal));
        var isRedirect = problems.Any(problem => problem.Member is "redirect_uris");
        return new OAuthError(
            isRedirect ? ErrorCodes.InvalidRedirectUri : ErrorCodes.InvalidClientMetadata,
            $"The client metadata is not acceptable here: {members}.",
            string.Join(' ', problems));
    }
}
