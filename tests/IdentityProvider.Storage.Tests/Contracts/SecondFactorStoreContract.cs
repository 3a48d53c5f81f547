using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class SecondFactorStoreContract(TestDatabase database)
{
    private ITotpStore Totps => database.Main.Get<ITotpStore>();

    private IRecoveryCodeStore Codes => database.Main.Get<IRecoveryCodeStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task An_app_is_kept_and_a_second_one_is_refused()
    {
        var id = await database.AddAccountAsync();
        var first = new TotpAuthenticator(id, "sealed", 10, Now, Now);

        var added = await Totps.TryAddAsync(first, [], await database.RenewalAsync(id), Samples.Record(database), default);
        var again = await Totps.TryAddAsync(first with { SealedSecret = "another" }, [], await database.RenewalAsync(id), Samples.Record(database), default);

        Assert.True(added);
        Assert.False(again);
        Assert.Equal(first, await Totps.FindAsync(id, default));
    }

    [ContractFact]
    [Clause("RFC 6238", "5.2", "The verifier MUST NOT accept the second attempt of the OTP after the successful validation has been issued for the first OTP.")]
    public async Task Of_sixteen_with_one_code_one_wins_and_earlier_steps_are_used_up()
    {
        var id = await database.AddAccountAsync();
        await Totps.TryAddAsync(new TotpAuthenticator(id, "sealed", 10, Now, Now), [], await database.RenewalAsync(id), Samples.Record(database), default);
        var other = database.Other.Get<ITotpStore>();

        var won = await Race.RunAsync(number => (number % 2 == 0 ? Totps : other).TryUseAsync(id, 12, Now.AddMinutes(1), default));

        Assert.Single(won, true);
        Assert.False(await Totps.TryUseAsync(id, 11, Now, default));
        Assert.True(await Totps.TryUseAsync(id, 13, Now.AddMinutes(2), default));
        Assert.Equal((13, Now.AddMinutes(2)), await ReadAsync(id));
    }

    [ContractFact]
    public async Task Of_sixteen_apps_set_up_at_once_one_stays()
    {
        var id = await database.AddAccountAsync();

        var stamp = await database.RenewalAsync(id);

        var won = await Race.RunAsync(
            number => Totps.TryAddAsync(new TotpAuthenticator(id, $"secret {number}", number, Now, Now), [], stamp, Samples.Record(database), default));

        Assert.Single(won, true);
        Assert.Equal(Array.IndexOf(won, true), (await ReadAsync(id)).LastStep);
    }

    [ContractFact]
    [Case(313)]
    public async Task Of_sixteen_with_one_recovery_code_one_wins()
    {
        var id = await database.AddAccountAsync();
        await Codes.TryReplaceAsync(id, [Hash(1), Hash(2)], await database.RenewalAsync(id), Samples.Record(database), default);
        var other = database.Other.Get<IRecoveryCodeStore>();

        var won = await Race.RunAsync(number => (number % 2 == 0 ? Codes : other).TryUseAsync(id, Hash(1), Samples.Record(database), default));

        Assert.Single(won, true);
        Assert.Equal(1, await Codes.CountAsync(id, default));
    }

    [ContractFact]
    [Case(313)]
    public async Task New_recovery_codes_end_the_old_ones_also_when_several_are_made_at_once()
    {
        var id = await database.AddAccountAsync();
        await Codes.TryReplaceAsync(id, [Hash(200)], await database.RenewalAsync(id), Samples.Record(database), default);
        var (other, account) = (database.Other.Get<IRecoveryCodeStore>(), await database.ReadAccountAsync(id));

        var made = await Race.RunAsync(number => (number % 2 == 0 ? Codes : other).TryReplaceAsync(
            id, [Hash(number), Hash(number + 100)], StampRenewal.Of(account), Samples.Record(database), default));

        Assert.Single(made, true);
        Assert.Equal(2, await Codes.CountAsync(id, default));
        Assert.True(await Codes.TryUseAsync(id, Hash(Array.IndexOf(made, true)), Samples.Record(database), default));
        Assert.False(await Codes.TryUseAsync(id, Hash(200), Samples.Record(database), default));
    }

    [ContractFact]
    public async Task A_code_of_another_account_is_none()
    {
        var (id, stranger) = (await database.AddAccountAsync(), await database.AddAccountAsync());
        await Codes.TryReplaceAsync(id, [Hash(1)], await database.RenewalAsync(id), Samples.Record(database), default);

        Assert.False(await Codes.TryUseAsync(stranger, Hash(1), Samples.Record(database), default));
        Assert.Equal((1, 0), (await Codes.CountAsync(id, default), await Codes.CountAsync(stranger, default)));
    }

    [ContractFact]
    public async Task Removing_the_app_removes_the_codes_that_stood_in_for_it()
    {
        var id = await database.AddAccountAsync();
        await Totps.TryAddAsync(new TotpAuthenticator(id, "sealed", 10, Now, Now), [], await database.RenewalAsync(id), Samples.Record(database), default);
        await Codes.TryReplaceAsync(id, [Hash(1)], await database.RenewalAsync(id), Samples.Record(database), default);

        var removed = await Totps.TryRemoveAsync(id, await database.RenewalAsync(id), Samples.Record(database), default);
        var again = await Totps.TryRemoveAsync(id, await database.RenewalAsync(id), Samples.Record(database), default);

        Assert.True(removed);
        Assert.False(again);
        Assert.Null(await Totps.FindAsync(id, default));
        Assert.Equal(0, await Codes.CountAsync(id, default));
    }

    private static ReadOnlyMemory<byte> Hash(int number) => Enumerable.Repeat((byte)number, 32).ToArray();

    private async Task<(long LastStep, DateTimeOffset LastUsedAt)> ReadAsync(string id)
    {
        var found = (await Totps.FindAsync(id, default))!;
        return (found.LastStep, found.LastUsedAt);
    }
}

public sealed class SqliteSecondFactorStoreTests(SqliteTestDatabase database)
    : SecondFactorStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlSecondFactorStoreTests(PostgreSqlTestDatabase database)
    : SecondFactorStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
