using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Subjects;

/// <summary>People, as the protocol sees them.</summary>
public interface ISubjectDirectory
{
    /// <summary>The person, or null when there is no such account or it is disabled. One read.</summary>
    Task<Subject?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// The person a live access token speaks of: null when the account is gone or disabled, or when the token's status bit is set. One read.
    /// </summary>
    Task<Subject?> FindForTokenAsync(string id, StatusReference status, CancellationToken cancellationToken);
}
