using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Admin.Declared;

/// <summary>What makes declared objects valid, each by itself and all together.</summary>
public static class DeclaredRules
{
    /// <summary>Every problem of every object.</summary>
    /// <param name="declared">What was declared.</param>
    /// <param name="algorithms">Algorithms that the key ring signs with.</param>
    /// <param name="isDevelopment">There passwords may be as short as one likes to type.</param>
    public static IEnumerable<DeclaredProblem> Validate(DeclaredObjects declared, IReadOnlyList<string> algorithms, bool isDevelopment)
    {
        ArgumentNullException.ThrowIfNull(declared);
        string[] scopes = [.. StandardScopes.All.Select(scope => scope.Name), .. declared.Scopes.Select(scope => scope.Name)];
        string[] resources = [.. declared.Resources.Select(resource => resource.Identifier)];
        return
        [
            .. declared.Clients.SelectMany(client => Validate(client, scopes, resources, algorithms)),
            .. declared.Scopes.SelectMany(Validate),
            .. declared.Resources.SelectMany(resource => Validate(resource, scopes, algorithms)),
            .. declared.Accounts.SelectMany(account => Validate(account, isDevelopment)),
        ];
    }

    private static IEnumerable<DeclaredProblem> Validate(
        DeclaredClient declared, string[] scopes, string[] resources, IReadOnlyList<string> algorithms)
    {
        var client = DeclaredClientMapping.ToClient(declared);
        var problems = DeclaredClientMapping.Validate(declared)
            .Concat(ClientRules.Validate(client, algorithms))
            .Concat(client.Scope.Where(scope => !scopes.Contains(scope, StringComparer.Ordinal))
                .Select(scope => new ClientProblem("scope", $"{scope} is not a declared scope{Hint(scope, scopes)}")))
            .Concat(client.IntrospectionAudiences.Where(audience => !resources.Contains(audience, StringComparer.Ordinal))
                .Select(audience => new ClientProblem(
                    "idp_introspection_audiences", $"{ClientUriRules.Printable(audience)} is not a declared resource{Hint(audience, resources)}")));
        return problems.Select(problem => new DeclaredProblem("Clients", declared.ClientId, problem.Member, problem.Text));
    }

    private static IEnumerable<DeclaredProblem> Validate(DeclaredScope scope)
    {
        DeclaredProblem Problem(string member, string text) => new("Scopes", scope.Name, member, text);
        if (!ScopeSet.IsScopeToken(scope.Name) || scope.Name.Length > ClientRules.MaxNameLength)
        {
            yield return Problem("name", "must be 1 to 100 characters of RFC 6749 §3.3: printable ASCII without space, quote and backslash.");
        }

        if (StandardScopes.All.Any(standard => string.Equals(standard.Name, scope.Name, StringComparison.Ordinal)))
        {
            yield return Problem("name", "is a scope of OpenID Connect, which exists without being declared.");
        }

        var texts = scope.LocalizedTexts.Select(text => (text.Member, Value: (string?)text.Value))
            .Prepend(("description", scope.Description))
            .Prepend(("display_name", scope.DisplayName));
        foreach (var (member, value) in texts)
        {
            if (member is "display_name" && value is not null && !ClientRules.IsDisplayName(value))
            {
                yield return Problem(member, "must be 1 to 100 characters, without control, invisible or direction-changing ones.");
            }

            if (member is "description" && value is { Length: 0 or > 500 })
            {
                yield return Problem(member, "must have 1 to 500 characters.");
            }
        }

        foreach (var text in scope.LocalizedTexts.Where(text => !text.HasLanguageTag))
        {
            yield return Problem(text.Member, "must have a tag of BCP 47 behind the number sign.");
        }
    }

    private static IEnumerable<DeclaredProblem> Validate(DeclaredResource resource, string[] scopes, IReadOnlyList<string> algorithms)
    {
        DeclaredProblem Problem(string member, string text) => new("Resources", resource.Identifier, member, text);
        var isAbsolute = Uri.TryCreate(resource.Identifier, UriKind.Absolute, out _)
            && resource.Identifier.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            && !resource.Identifier.StartsWith('/');
        if (!isAbsolute || resource.Identifier.Length > ClientUriRules.MaxLength || resource.Identifier.Contains('#', StringComparison.Ordinal))
        {
            yield return Problem("identifier", "must be an absolute URI without fragment (RFC 8707 §2).");
        }

        if (resource.DisplayName is not null && !ClientRules.IsDisplayName(resource.DisplayName))
        {
            yield return Problem("display_name", "must be 1 to 100 characters, without control, invisible or direction-changing ones.");
        }

        foreach (var scope in resource.Scopes.Where(scope => !scopes.Contains(scope, StringComparer.Ordinal)))
        {
            yield return Problem("scopes", $"{ClientUriRules.Printable(scope)} is not a declared scope{Hint(scope, scopes)}");
        }

        if (resource.AccessTokenSigningAlg is { } algorithm && !algorithms.Contains(algorithm, StringComparer.Ordinal))
        {
            yield return Problem("access_token_signing_alg", $"must be one of {string.Join(", ", algorithms)}.");
        }

        if (resource.AccessTokenLifetime is { } lifetime && (lifetime < TimeSpan.FromMinutes(1) || lifetime > TimeSpan.FromDays(1)))
        {
            yield return Problem("access_token_lifetime", "must be from 60 to 86400 seconds.");
        }
    }

    private static IEnumerable<DeclaredProblem> Validate(DeclaredAccount account, bool isDevelopment)
    {
        DeclaredProblem Problem(string member, string text) => new("Accounts", account.UserName, member, text);
        if (account.UserName.Length is 0 or > 256 || !account.UserName.All(c => c is >= '!' and <= '~'))
        {
            yield return Problem("user_name", "must be 1 to 256 printable ASCII characters without spaces.");
        }

        if (account.Email is { } email && !(email.Length <= 254 && email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < email.Length - 1))
        {
            yield return Problem("email", "must be a mail address.");
        }

        if (account.EmailVerified && account.Email is null)
        {
            yield return Problem("email_verified", "contradicts the missing email.");
        }

        if (account.PhoneNumberVerified && account.PhoneNumber is null)
        {
            yield return Problem("phone_number_verified", "contradicts the missing phone_number.");
        }

        if (!isDevelopment && account.Password is { } password && PasswordRules.FindProblem(password, account.UserName, account.Email) is { } weak)
        {
            yield return Problem("password", Describe(weak));
        }
    }

    private static string Describe(PasswordProblem problem) => problem switch
    {
        PasswordProblem.TooShort => $"must have at least {PasswordRules.MinLength} characters.",
        PasswordProblem.TooLong => $"must have at most {PasswordRules.MaxLength} characters.",
        PasswordProblem.TooCommon => "is one that guessers try first.",
        _ => "is made of the account's names.",
    };

    private static string Hint(string value, IEnumerable<string> known) =>
        NearestMatch.Find(value, known) is { } nearest ? $"; did you mean {nearest}?" : ".";
}
