using System.Text.Json;
using IdentityProvider.Protocol.Subjects;

namespace IdentityProvider.Server.Pages;

/// <summary>How people are called on our pages.</summary>
internal sealed class People(ISubjectDirectory directory)
{
    /// <summary>The person; one who was deleted or disabled this very moment is called by nothing.</summary>
    public async Task<Person> GetAsync(string subject, CancellationToken cancellationToken)
    {
        var claims = (await directory.FindAsync(subject, cancellationToken))?.Claims;
        var userName = Text("preferred_username") ?? Text("email") ?? "—";
        return new Person(Text("name") ?? userName, userName);

        string? Text(string claim) =>
            claims is not null && claims.TryGetValue(claim, out var value) && value is { ValueKind: JsonValueKind.String } ? value.GetString() : null;
    }
}

/// <param name="Name">For greeting.</param>
/// <param name="UserName">What the person signs in with; tells two people of one name apart.</param>
internal sealed record Person(string Name, string UserName);
