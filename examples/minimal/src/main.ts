import { cached, cacheOf } from 'recollect';

class Weather {
  measured = 0;

  @cached({ minutes: 15 })
  async temperature(city: string): Promise<number> {
    this.measured++;
    return city.length * 2.5;
  }

  /** Stays synchronous: what is cached only in this process needs no promise. */
  @cached({ hours: 1, localOnly: true })
  inFahrenheit(celsius: number): number {
    return (celsius * 9) / 5 + 32;
  }
}

const weather = new Weather();
const [first, second] = [await weather.temperature('Oslo'), await weather.temperature('Oslo')];
console.log(`${first} °C, ${second} °C: measured ${weather.measured} time(s)`);
console.log(`${weather.inFahrenheit(first)} °F`);

await cacheOf(weather).temperature.invalidate('Oslo');
await weather.temperature('Oslo');
console.log(`after an invalidation: measured ${weather.measured} time(s)`);
