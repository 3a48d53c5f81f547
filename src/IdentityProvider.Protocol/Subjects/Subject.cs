using System.Text.Json;

namespace IdentityProvider.Protocol.Subjects;

/// <summary>What the engine needs to know of a person: OIDC Core §5.1.</summary>
/// <param name="Id">The account's id: <c>sub</c> for clients with public subjects.</param>
/// <param name="Claims">Claims by registered name (<c>name</c>, <c>email</c>, <c>email_verified</c>, <c>address</c> ...), never <c>sub</c>.</param>
public sealed record Subject(string Id, IReadOnlyDictionary<string, JsonElement> Claims);
