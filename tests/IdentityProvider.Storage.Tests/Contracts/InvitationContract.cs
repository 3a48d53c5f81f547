using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Cleanup;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>What an invitation leaves in the database, and that it decides.</summary>
public abstract class InvitationContract(TestDatabase database)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    [Case(302)]
    public async Task Of_sixteen_that_use_one_invitation_one_wins()
    {
        var invitation = NewInvitation();

        var used = await Race.RunAsync(number => TryUseAsync(number, invitation));

        Assert.Single(used, true);
        Assert.False(await TryUseAsync(0, invitation));
        Assert.True(await TryUseAsync(0, NewInvitation()));
    }

    [ContractFact]
    [Case(302)]
    public async Task Of_sixteen_that_use_it_and_take_it_back_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var invitation = NewInvitation();

            var done = await Race.RunAsync(number => number % 4 < 2
                ? TryUseAsync(number, invitation)
                : InvitationsOf(number).TryRevokeAsync(invitation.Id, default));

            Assert.Single(done, true);
        }
    }

    [ContractFact]
    [Case(302)]
    public async Task What_was_used_or_taken_back_is_known_as_long_as_the_link_could_work()
    {
        var (used, revoked) = (NewInvitation(), NewInvitation());
        Assert.True(await TryUseAsync(0, used));
        Assert.True(await InvitationsOf(0).TryRevokeAsync(revoked.Id, default));

        database.Clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
        await database.Main.Get<ExpiredRowCleanup>().RunOnceAsync(default);

        Assert.False(await TryUseAsync(0, used));
        Assert.False(await TryUseAsync(1, revoked));
    }

    [ContractFact]
    [Case(302)]
    public async Task A_link_opens_until_it_expires_and_not_at_that_moment()
    {
        var sent = new SentMail();
        var invitations = InvitationsOf(0, sent);
        var invitation = await invitations.SendAsync("guest@example.com", default);
        var token = sent.Last!.Link!.Split('=')[1];

        database.Clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(invitation.Id, invitations.Open(token)!.Id);
        database.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(invitations.Open(token));
        Assert.Equal(invitation.ExpiresAt, sent.Last.ExpiresAt);
    }

    private Invitation NewInvitation() => new(Guid.CreateVersion7(Now), "guest@example.com", Now + Lifetime);

    /// <summary>By an account of its own, so that nothing but the invitation stands in the way.</summary>
    private Task<bool> TryUseAsync(int number, Invitation invitation) => NodeOf(number).Get<IAccountCreationStore>().TryCreateAsync(
        new NewAccount(Samples.NewAccount(database)) { Invitation = invitation }, Samples.Record(database), default);

    private Node NodeOf(int number) => number % 2 == 0 ? database.Main : database.Other;

    private Invitations InvitationsOf(int number, SentMail? sent = null) => new(
        new OpenEnvelope(),
        NodeOf(number).Get<IUsedJtiStore>(),
        sent ?? new SentMail(),
        database.Clock,
        Options.Create(new AccountsOptions { Registration = RegistrationMode.Invitation, InvitationLifetime = Lifetime }));

    private sealed class SentMail : IAccountMail
    {
        public MailOrder? Last { get; private set; }

        public bool IsAvailable => true;

        public Task QueueAsync(MailOrder order, CancellationToken cancellationToken)
        {
            Last = order;
            return Task.CompletedTask;
        }

        public OutboxMessage? Write(MailOrder order) => null;
    }

    /// <summary>Seals nothing: what is looked at here is what the database decides.</summary>
    private sealed class OpenEnvelope : ISealing
    {
        public uint ActiveMacKey => 0;

        public IReadOnlyList<uint> MacKeys => [];

        public string Seal(SealPurpose purpose, ReadOnlySpan<byte> plaintext) => Convert.ToHexString(plaintext);

        public byte[]? Open(SealPurpose purpose, string sealedValue) => Convert.FromHexString(sealedValue);

        public bool TryMac(uint macKey, SealPurpose purpose, ReadOnlySpan<byte> data, Span<byte> mac) => false;

        public void SubjectMac(ReadOnlySpan<byte> data, Span<byte> mac) => mac.Clear();
    }
}

public sealed class SqliteInvitationTests(SqliteTestDatabase database)
    : InvitationContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlInvitationTests(PostgreSqlTestDatabase database)
    : InvitationContract(database), IClassFixture<PostgreSqlTestDatabase>;
