using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Subjects;

/// <summary>People, as the protocol sees them.</summary>
public interface ISubjectDirectory
{
    /// <summary>The person, or null when there is no such account or it is disabled. One read.</summary>
    Task<Subject?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// The person whose grant a live access token hangs on, whatever its <c>sub</c> calls them: null when the grant or the account is gone, the
    /// account is disabled, or the token's status bit is set. One read.
    /// </summary>
    Task<Subject?> FindForTokenAsync(Guid grantId, StatusReference status, CancellationToken cancellationToken);
}
